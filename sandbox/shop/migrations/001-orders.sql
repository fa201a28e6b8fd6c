CREATE TABLE orders (
  id uuid PRIMARY KEY,
  customer text NOT NULL,
  sku text NOT NULL,
  quantity integer NOT NULL,
  total_cents integer NOT NULL,
  status text NOT NULL DEFAULT 'placed',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT orders_quantity_check CHECK (quantity > 0),
  CONSTRAINT orders_status_check CHECK (status IN ('placed', 'paid'))
);
CREATE INDEX orders_created_at_idx ON orders (created_at);
CREATE INDEX orders_status_idx ON orders (status);

-- Written together with its order: an order without one is lost money, one with two is somebody else's.
CREATE TABLE payments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  order_id uuid NOT NULL CONSTRAINT payments_order_id_fkey REFERENCES orders (id),
  amount_cents integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_order_id_idx ON payments (order_id);

-- What left the shop and cannot be called back.
CREATE TABLE side_effects (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  order_id uuid NOT NULL,
  release text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT side_effects_kind_check CHECK (kind IN ('email', 'payment'))
);
CREATE INDEX side_effects_at_idx ON side_effects (at);
CREATE INDEX side_effects_order_id_idx ON side_effects (order_id);

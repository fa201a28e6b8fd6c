-- Takes drop-status.sql back, whether it ran or not. The index and the constraint went with the column; which orders are
-- paid is known from the payments that were taken.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS status text NOT NULL DEFAULT 'placed';
ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_status_check;
ALTER TABLE orders ADD CONSTRAINT orders_status_check CHECK (status IN ('placed', 'paid'));
CREATE INDEX IF NOT EXISTS orders_status_idx ON orders (status);
UPDATE orders SET status = 'paid'
  WHERE status = 'placed'
    AND EXISTS (SELECT FROM side_effects WHERE kind = 'payment' AND side_effects.order_id = orders.id);
ALTER TABLE orders DROP COLUMN IF EXISTS promo;

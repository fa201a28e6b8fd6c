CREATE VIEW sales_by_day AS
  SELECT date_trunc('day', created_at) AS day, count(*) AS orders, sum(total_cents) AS total_cents
  FROM orders
  GROUP BY 1;

CREATE FUNCTION sales_since(since timestamptz) RETURNS bigint
  LANGUAGE sql STABLE
  RETURN (SELECT coalesce(sum(total_cents), 0) FROM orders WHERE created_at >= since);

-- Reports need no status, so the replica for reports is not told of it.
CREATE PUBLICATION shop FOR TABLE
  orders (id, customer, sku, quantity, total_cents, created_at),
  payments,
  side_effects;

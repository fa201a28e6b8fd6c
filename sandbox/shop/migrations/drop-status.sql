-- Bad: every release still reads and writes the status of an order.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS promo text;
ALTER TABLE orders DROP COLUMN IF EXISTS status;

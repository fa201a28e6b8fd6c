-- Which releases ran, and since when.
CREATE TABLE task_starts (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  release text NOT NULL,
  is_bad boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

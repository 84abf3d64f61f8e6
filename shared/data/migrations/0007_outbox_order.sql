-- The relay reads the queue by `position` alone. By shard it had to sort all of it, and to walk over every row that was
-- published since the last vacuum, at each batch.
drop index outbox_shard;

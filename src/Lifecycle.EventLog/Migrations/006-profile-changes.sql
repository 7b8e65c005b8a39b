-- A customer's page says what was last said of them. Without an index of its own that is found by reading all their events, and a page would cost more
-- with every event.
create index event_profile_changes on event (shard, tenant, customer, clock) where kind = 1 and name = 'profile_changed';

-- Many reviews fall due at one instant. In the order of the customers, as the keys of states, spans and due rows have it too, a page of them touches neighbours;
-- in any other order each of them touches pages of its own.
drop index due_by_wall;
create index due_by_wall on due (shard, at, tenant, customer) where wall and lane = 0;

INSERT INTO anchor (body) VALUES (repeat('x', 1024));

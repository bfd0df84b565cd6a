"""The page of a run, made of its result folder alone: figures as pure functions of tables, templates apart."""

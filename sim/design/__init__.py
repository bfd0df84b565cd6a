"""Decision rules and what they do: closed forms, power tables, designs asked of patients already simulated."""

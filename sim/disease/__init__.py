"""The input-output model: what happens inside one patient, given infusions and steroid."""

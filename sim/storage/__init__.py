"""Files: Parquet with units and provenance, stores that runs share, whole files or none."""

"""What the report says of a run: summary, pages, run times, versions and provenance."""

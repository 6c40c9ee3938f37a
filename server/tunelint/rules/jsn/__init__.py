"""JSON of one record: what keeps readers from agreeing on what it says."""

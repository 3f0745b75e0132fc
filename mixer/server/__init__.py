"""The process around the pipeline: transport, health, monitoring, graceful stop."""

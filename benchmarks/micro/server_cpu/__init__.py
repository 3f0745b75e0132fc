"""What a call costs a server process: `mixs server` and a bare grpcio handler, in turns."""

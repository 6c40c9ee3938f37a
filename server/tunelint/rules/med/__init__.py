"""Images, videos and sounds."""

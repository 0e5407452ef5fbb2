"""Running the assistant: settings, training, starting and stopping, health."""

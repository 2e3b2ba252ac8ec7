"""Training sessions: a topic, an audience and a length -> a pack of slides, papers and a quiz, each line with its source."""

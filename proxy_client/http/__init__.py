"""HTTP: from requests to attributes, and from verdicts to answers; free of any framework."""

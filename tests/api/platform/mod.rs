//! Stories of people, machines and what they open to each other (§37).

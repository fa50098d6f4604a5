# Everything a contributor types. A recipe that needs logic calls a script.

.PHONY: run test check dev bench openapi dist

# Builds and starts Hufu on SQLite under ./data and prints where to go.
run:
	cargo run --release --package server --bin hufu

# Installs what the tests need, then runs every layer: exactly what CI runs.
test:
	scripts/test

# Formatting and lints only: quick.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# A debug build that starts over when you stop it: for working on Hufu itself.
dev:
	cargo run --package server --bin hufu

# Speed as ratios against raw limits of this machine; writes bench/RESULTS.md. PARTS="tokens discovery" measures only those.
bench:
	scripts/bench $(PARTS)

# Writes openapi.json, which a test compares with the code.
openapi:
	WRITE_OPENAPI=1 cargo test --package server --test api -- the_committed_document_is_fresh

# The binary to put on a server: smaller than that of `make run`, and longer in the making.
dist:
	cargo build --profile dist --package server --bin hufu

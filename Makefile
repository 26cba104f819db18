# The entry points; what they do is in scripts/. A fresh clone needs Rust, Python 3.11 or newer and a C compiler.

.PHONY: help setup wheel test test-peers test-torch test-ray test-remote test-browser test-types test-guarantees docs bench bench-keras demo example-burn packages deny sbom clean
.DEFAULT_GOAL := help

help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1#\2/p' $(MAKEFILE_LIST) | awk -F'#' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: ## Makes .venv and installs what building, testing and the demo need
	@scripts/setup.sh build test demo

wheel: ## Builds the Python wheel into dist/
	@scripts/wheel.sh

test: ## Runs every check and test, Rust and Python; the last line has the counts
	@scripts/test.sh

test-peers: ## Compares with other libraries, in an environment of their own
	@scripts/test-peers.sh

test-torch: ## Runs what needs torch, Grain or Hugging Face, in an environment of their own (6 GB the first time)
	@scripts/test-torch.sh

test-ray: ## Runs what needs Ray, on a cluster of two nodes on this machine, in an environment of its own
	@scripts/test-ray.sh

test-remote: ## Reads pictures of a whole S3 server on loopback, in an environment of its own
	@scripts/test-remote.sh

test-browser: ## Runs the studio in Chromium, in an environment of its own
	@scripts/test-browser.sh

test-types: ## Checks a user's script against the package's types, with mypy and pyright
	@scripts/test-types.sh

docs: ## Builds the documentation site into site/ (PAGES_ONLY=1: without the crates' reference)
	@scripts/docs.sh

test-guarantees: ## Makes one stream in every way, with processes killed 1,000 times, and compares the bytes (POINTS=1000, SEED=n)
	@scripts/test-guarantees.sh

bench: ## Measures against other libraries (PEERS=all, ONLY=P1,E1, ROUNDS=5, PHOTOS=folder, LARGE=folder), writes docs/benchmarks.md
	@scripts/bench.sh

bench-keras: ## Trains through Keras's own layers and through Variegate, 3 seeds each (PHOTOS=folder, EPOCHS=8, QUICK=1)
	@scripts/bench-keras.sh

demo: ## Trains with and without augmentation and writes demo/report.html (PHOTOS=folder: on your pictures; DEMO_QUICK=1: a minute)
	@scripts/demo.sh

example-burn: ## Trains a network in Burn, all in Rust (PHOTOS=folder: on your class folders; EPOCHS=n)
	@scripts/example-burn.sh

packages: ## Packages every crate as for publication, builds each from its package, uploads nothing (QUICK=1: does not build)
	@scripts/packages.sh

deny: ## Holds dependencies against deny.toml with cargo-deny: licences, sources, advisories (OFFLINE=1: not these)
	@scripts/deny.sh

sbom: ## Writes a CycloneDX list of what each crate is built from into dist/sbom/
	@scripts/sbom.sh

clean: ## Removes everything that was built or downloaded
	rm -rf target dist demo site *-example .bench .venv .venv-peers .venv-torch .venv-ray .venv-browser .venv-docs .venv-types .venv-sbom
	find python examples scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f python/variegate/*.so

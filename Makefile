# Reelswarm. `make run` starts a site on http://localhost:8080, `make test` proves it works.
.PHONY: run build assets test unit end-to-end lint format bench clean
SWIFT_FLAGS ?=

# Builds the release programs and serves the site; state goes to ./data.
run: build
	.build/release/reelswarm serve $(ARGS)

build: assets
	@scripts/debian-packages run
	swift build -c release --product reelswarm $(SWIFT_FLAGS)
	swift build -c release --product reelswarm-media-worker $(SWIFT_FLAGS)

# Compressed forms of what the pages load, served to browsers that take them.
assets:
	@gzip -9nkf Public/*.css Public/*.js Public/*.svg

# Every test: units in Swift, then the real program with real clients and a real browser.
test: unit end-to-end

unit:
	@scripts/debian-packages test
	swift build --build-tests $(SWIFT_FLAGS)
	scripts/unit-tests

end-to-end:
	@scripts/debian-packages test
	swift build $(SWIFT_FLAGS)
	$$(scripts/test-environment) -m pytest -q --tb=short -p no:cacheprovider -n 3 --dist loadfile \
	    Tests/EndToEndTests Tests/BrowserTests

lint:
	swift format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift

format:
	swift format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

# Puts each hot path beside its peer and prints one table.
bench: build
	@scripts/debian-packages bench
	swift build -c release --product tracker-load $(SWIFT_FLAGS)
	swift build -c release --product swarm-simulation $(SWIFT_FLAGS)
	swift build -c release --product clip-plan $(SWIFT_FLAGS)
	$$(scripts/test-environment) Benchmarks/run.py $(ARGS)

clean:
	rm -rf .build .venv

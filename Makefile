# The short way to everything. Set-up installs what is missing on Debian, once.
.POSIX:

BUILD = build/release
CTEST = ctest --output-on-failure --parallel 2 --no-tests=error

.PHONY: run build test sim sim-mutants bench bench-loss cost screenshots fuzz lint format sanitize setup setup-checks clean

run: build
	@tools/run.sh $(BUILD)/bin

build: setup
	@tools/build.sh release

test: build
	@$(CTEST) --test-dir $(BUILD)

# Longer than `make test` allows: SEEDS seeds of the simulator, each over QUIC and over memory.
sim: build
	@$(BUILD)/bin/confab_sim --tier both --seeds $${SEEDS:-200}

# Whether the simulator notices: faults planted into copies of the program, each until a seed finds it.
sim-mutants: setup
	@tools/sim_mutants.py

# Beside the peers that Debian packages, as far as they are (or can be) installed. QUICK=1: within two minutes.
bench: build
	@tools/setup.sh bench || echo 'bench: going on without the peers that are missing'
	@$(BUILD)/bin/confab_bench $(if $(QUICK),--quick)

# What a delivery costs in instructions and allocations, beside bench/baseline.json; `make test` asks the same.
cost: build
	@tools/cost.py $(BUILD)/bin/confab_cost $(if $(RECORD),--record)

# The pictures that README shows, of a real talk.
screenshots: build
	@tools/screenshots.py $(BUILD)/bin

# Members with bad ways to the server, through a network in user space, and the peers beside them. QUICK=1: within two
# minutes, without the peers. Data are kept in memory: how long a disk takes is another question (confab_bench --durable).
bench-loss: build
	@tools/setup.sh bench || echo 'bench-loss: going on without the peers that are missing'
	@TMPDIR=$${TMPDIR:-/dev/shm} $(BUILD)/bin/confab_bench_loss $(if $(QUICK),--quick,--peers)

# Every parser under libFuzzer, SECONDS each.
fuzz: setup-checks
	@fuzz/run.sh $${SECONDS_EACH:-20}

lint: setup-checks
	@tools/lint.sh

format: setup-checks
	@git ls-files '*.cc' '*.h' | xargs clang-format-19 -i

# The tests under the address and undefined-behaviour sanitizers, then under the thread sanitizer.
sanitize: setup-checks
	@tools/build.sh asan && $(CTEST) --test-dir build/asan
	@tools/build.sh tsan && $(CTEST) --test-dir build/tsan

setup:
	@tools/setup.sh

setup-checks:
	@tools/setup.sh checks

clean:
	rm -rf build

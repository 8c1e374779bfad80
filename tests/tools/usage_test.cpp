// What the program answers to those who mistype: an exit code and a sentence, never data.
#include "tests/support/process.hpp"

using datagen::test_support::run_datagen;
using datagen::test_support::run_process;

namespace {

/// Checks that `arguments` exit with `code`, print nothing on stdout, and say `expected`.
void refuses(const std::vector<std::string>& arguments, int code, const std::string& expected,
             const std::string& input = {}) {
  const auto result = run_datagen(arguments, input);
  CHECK(result.code == code);
  CHECK(result.out.empty());
  CHECK_MESSAGE(result.err.find(expected) != std::string::npos, result.err);
  CHECK(result.err.starts_with("datagen: "));
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("usage: an unknown command or flag suggests the nearest") {
  refuses({"inspet"}, 2, "datagen knows no command 'inspet'; did you mean 'inspect'?");
  refuses({"inspect", "verdit"}, 2, "did you mean 'verdict'?");
  refuses({"inspect", "verdict", "--recept", "A", "A", "A", "A", "A"}, 2, "'--receipt'?");
  refuses({"xyzzy"}, 2, "it knows up, node, worker, network, inspect");
  refuses({}, 2, "A subcommand is required");
  refuses({"inspect"}, 2, "A subcommand is required");
}

TEST_CASE("usage: malformed arguments exit 2 and say what was expected") {
  refuses({"inspect", "emission"}, 2, "--day or --at is required");
  refuses({"inspect", "emission", "--day", "1", "--at", "1"}, 2, "excludes");
  for (const std::string day : {"-1", "x", "1.5", "", "18446744073709551616", "0x10"})
    refuses({"inspect", "emission", "--day", day}, 2, "");
  refuses({"inspect", "emission", "--day", "1e3"}, 2, "'1e3' is not a whole number");
  refuses({"inspect", "verdict", "A", "A", "A", "A"}, 2, "5 required");
  refuses({"inspect", "verdict", "A", "A", "A", "A", "A", "A", "A"}, 2, "");
  refuses({"inspect", "verdict", "A", "A", "A", "A", "AB"}, 2, "give one letter");
  refuses({"inspect", "verdict", "A", "A", "A", "A", "?"}, 2, "give one letter");
  refuses({"inspect", "verdict", "--attempt", "3", "A", "A", "A", "A", "A"}, 2, "3 not in");
  refuses({"inspect", "verdict", "--mode", "strict", "A", "A", "A", "A", "A"}, 2, "strict not in");
  refuses({"inspect", "params", "--preset", "prod"}, 2, "prod not in");
  refuses({"inspect", "params", "--set", "audit_rate=1"}, 2, "did you mean 'audit_rate_ppm'?");
  refuses({"inspect", "params", "--set", "checkers"}, 2, "expected NAME=VALUE");
  refuses({"inspect", "params", "--set", "checkers=many"}, 2, "'many' is no value for checkers");
  refuses({"completion", "csh"}, 2, "csh not in");
}

TEST_CASE("usage: a bad input file exits 65 and says where") {
  refuses({"inspect", "dag", "/nonexistent/dag"}, 65, "No such file");
  refuses({"inspect", "dag", "/"}, 65, "cannot read /");
  refuses({"inspect", "dag", "-"}, 65, "-", "");
  refuses({"inspect", "dag", "-"}, 65, "-:3: expected ancestors of 3 authors",
          "n=4 w=4 l=1\ncoin 1: B\nA1: A0 B0\n");
  refuses({"inspect", "dag", "-"}, 65, "more than", std::string((4u << 20) + 1, ' '));
}

TEST_CASE("usage: help and version go to stdout and exit 0") {
  const auto version = run_datagen({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("datagen 0.1.0 ("));
  const auto help = run_datagen({"--help"});
  CHECK(help.code == 0);
  CHECK(help.out.find("inspect") != std::string::npos);
  CHECK(run_datagen({"inspect", "verdict", "--help"}).code == 0);
}

TEST_CASE("usage: an output that cannot be written is a failure, not silence") {
  const auto result =
    run_process("sh", {"-c", datagen::program_path("datagen") + " inspect emission --day 1 > /dev/full"});
  CHECK(result.code == 74);
}

TEST_CASE("completion: bash completes commands, subcommands and flags") {
  const auto words = [](const std::string& typed) {
    const auto script = "source <(" + datagen::program_path("datagen") + " completion bash); COMP_WORDS=(" +
                        typed +
                        "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _datagen; "
                        "echo ${COMPREPLY[@]}";
    return run_process("bash", {"-c", script}).out;
  };
  CHECK(words("datagen ins") == "inspect\n");
  CHECK(words("datagen inspect ver") == "verdict\n");
  CHECK(words("datagen inspect verdict --mode hardened --rec") == "--receipt\n");
  CHECK(words("datagen keys ''") == "new list export --help\n");
  CHECK(words("datagen checkpoint fet") == "fetch\n");
  CHECK(words("datagen verify --check") == "--checkpoint\n");
  for (const std::string shell : {"zsh", "fish"})
    CHECK(run_datagen({"completion", shell}).out.find("--receipt") != std::string::npos);
}

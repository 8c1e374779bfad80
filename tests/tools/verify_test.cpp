// What a receipt binds, offline, through the program.
#include "paper_trail.hpp"

#include "tests/support/process.hpp"

#include "actors/gateway/checkpoint_form.hpp"
#include "protocol/crypto/bech32m.hpp"
#include "protocol/ledger/transactions.hpp"
#include "tools/datagen/failure.hpp"
#include "tools/datagen/receipt_file.hpp"

using namespace tools_test;
using datagen::test_support::run_datagen;
using datagen::test_support::scratch_directory;
using datagen::tools::receipt_json;
using datagen::tools::receipt_text;

namespace {

/// A full receipt on disk, beside its genesis and its output.
struct archive_box {
  scratch_directory files;
  genesis start = development_genesis();
  portable_receipt paper;
  boost::json::object content;

  archive_box() {
    const auto user = account_key(0);
    ticket x{.chain = heavy_chain_id(start),
             .session = ledger::session_id_of(heavy_chain_id(start), user.identity, 1),
             .sequence = 1,
             .kernel = {"merkle.root", 0},
             .parameters = sha256({}),
             .input = sha256({}),
             .units_max = 10,
             .unit_price = 1'000};
    paper = promise({x, sign(user, ticket_statement(x))}, user.identity, 1, 7, bytes{1, 2, 3});
    order(start, paper);
    settle(start, paper);
    audit(start, paper);
    const auto report = check_portable(start, paper, signature_checker{});
    REQUIRE(report.code == portable_check::ok);
    content = receipt_json(paper, report);
    write("genesis", encode(start));
    write("output", bytes{1, 2, 3});
  }
  std::string path(const char* name) const { return (files.path / name).string(); }
  void write(const char* name, byte_view data) const {
    std::ofstream{path(name), std::ios::binary}.write(
      reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
  }
  datagen::test_support::process_result verify(const std::string& text,
                                               std::vector<std::string> more = {}) const {
    std::ofstream{path("receipt")} << text;
    more.insert(more.begin(), {"verify", path("receipt"), "--genesis", path("genesis")});
    return run_datagen(more);
  }
  void refuses(const std::string& text, int code, const std::string& sentence,
               const std::vector<std::string>& more = {}) const {
    const auto result = verify(text, more);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    CHECK_MESSAGE(result.err.find(sentence) != std::string::npos, result.err);
  }
};

}  // namespace

TEST_CASE("verify: says what is proven, at which stage, and where the proof ends") {
  const archive_box box;
  const auto text = box.verify(receipt_text(box.content), {"--output", box.path("output")});
  CHECK_MESSAGE(text.code == 0, text.err);
  for (const std::string said : {"settled on Heavy", "pass by rule h1",
                                 "valid from genesis, not proven recent", "0.000000007 DG"})
    CHECK_MESSAGE(text.out.find(said) != std::string::npos, text.out);
  const auto shown = boost::json::parse(box.verify(receipt_text(box.content), {"--json"}).out);
  CHECK(shown.at("valid") == true);
  CHECK(shown.at("stage") == "settled");
  CHECK(shown.at("output_checked") == false);
}

TEST_CASE("verify: every changed byte of the signed bytes is refused with a reason") {
  const archive_box box;
  const auto start = boost::json::parse(receipt_text(box.content)).as_object();
  const auto hex = std::string{start.at("canonical").as_string()};
  // In this process for every single byte; the program takes the same path below.
  for (std::size_t i = 0; i < hex.size(); ++i) {
    auto changed = start;
    auto other = hex;
    other[i] = other[i] == '0' ? '1' : '0';
    changed["canonical"] = other;
    bool refused = false;
    try {
      datagen::tools::check_receipt_text(receipt_text(changed), "receipt", box.start);
    } catch (const datagen::tools::failure& why) {
      refused = why.code == datagen::tools::exit_failed && *why.what() != '\0';
    }
    CHECK_MESSAGE(refused, "byte " << i / 2 << " of " << hex.size() / 2);
  }
  for (const std::size_t i : {std::size_t{9}, hex.size() / 3, hex.size() - 1}) {
    auto changed = box.content;
    auto other = hex;
    other[i] = other[i] == '0' ? '1' : '0';
    changed["canonical"] = other;
    box.refuses(receipt_text(changed), 1, "datagen: ");
  }
}

TEST_CASE("verify: a readable field that the signed bytes do not say is refused by name") {
  const archive_box box;
  const auto start = boost::json::parse(receipt_text(box.content)).as_object();
  for (const auto& member : start) {
    const std::string name{member.key()};
    if (name == "format" || name == "canonical")
      continue;
    CAPTURE(name);
    auto changed = start;
    changed[name] = "something else";
    box.refuses(receipt_text(changed), 1, "'" + name + "'");
  }
  auto changed = start;
  changed["bonus"] = 1;
  box.refuses(receipt_text(changed), 1, "'bonus' has no ground");
  changed = start;
  changed.erase("stage");
  box.refuses(receipt_text(changed), 1, "'stage' is missing");
}

TEST_CASE("verify: with a checkpoint it says what it trusted, and refuses what contradicts it") {
  const archive_box box;
  const auto text = receipt_text(box.content);
  const auto heavy_block = [](std::uint64_t height) { return hash("heavy-block", height); };
  const auto with = [&](const trusted_checkpoint& x) {
    std::ofstream{box.path("checkpoint")} << receipt_text(datagen::web::checkpoint_json(x));
    return std::vector<std::string>{"--checkpoint", box.path("checkpoint")};
  };
  const trusted_checkpoint seventh{heavy_roster(box.start), 7, heavy_block(7)};
  const auto held = box.verify(text, with(seventh));
  CHECK_MESSAGE(held.code == 0, held.err);
  CHECK(held.out.find("valid from the trusted checkpoint of Heavy epoch 0 at block 7") !=
        std::string::npos);
  auto flags = with(seventh);
  flags.push_back("--json");
  const auto shown = boost::json::parse(box.verify(text, flags).out);
  CHECK(shown.at("trust") == "valid from the trusted checkpoint of Heavy epoch 0 at block 7");
  CHECK(shown.at("limit") == "valid from genesis, not proven recent");
  box.refuses(text, 1, "Heavy block 7 of epoch 0 contradicts the trusted checkpoint",
              with({heavy_roster(box.start), 7, heavy_block(8)}));
  box.refuses(text, 1, "is a checkpoint of another chain",
              with({heavy_roster(development_genesis("other")), 7, heavy_block(7)}));
  std::ofstream{box.path("checkpoint")} << "{}";
  box.refuses(text, 65, "is no checkpoint: its format is not datagen-checkpoint-1",
              {"--checkpoint", box.path("checkpoint")});
  box.refuses(text, 65, "No such file", {"--checkpoint", box.path("none")});
}

TEST_CASE("verify: a receipt that does not begin at genesis says which checkpoint it needs") {
  const archive_box box;
  auto paper = box.paper;
  consensus::hand_over step;
  step.next.epoch = 5;
  paper.hand_overs = {step};
  CHECK(receipt_json(paper, {}).at("limit") ==
        "valid only from a trusted checkpoint of Heavy epoch 4 or later");
  step.next.epoch = 1;
  paper.hand_overs = {step};
  CHECK(receipt_json(paper, {}).at("limit") == "valid from genesis, not proven recent");
}

TEST_CASE("verify: another genesis, another output and what is no receipt are refused") {
  const archive_box box;
  const auto text = receipt_text(box.content);
  box.refuses(text.substr(0, text.size() / 2), 65, "is no receipt");
  box.refuses("", 65, "is no receipt");
  box.refuses("{}", 65, "is no receipt");
  box.refuses("[1]", 65, "is no receipt");
  auto shorter = box.content;
  auto hex = std::string{shorter["canonical"].as_string()};
  shorter["canonical"] = hex.substr(0, hex.size() - 2);
  box.refuses(receipt_text(shorter), 1, "truncated or changed");
  box.write("wrong", bytes{1, 2, 4});
  box.refuses(text, 1, "is not the result", {"--output", box.path("wrong")});
  box.write("genesis", encode(development_genesis("other")));
  box.refuses(text, 1, "names another chain");
  box.write("genesis", bytes{1, 2, 3});
  box.refuses(text, 65, "is no genesis in canonical bytes");
}

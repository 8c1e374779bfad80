#include "tests/support/process.hpp"

#include <boost/json.hpp>

using datagen::test_support::run_datagen;

namespace {

std::string line(const std::vector<std::string>& arguments) {
  const auto result = run_datagen(arguments);
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  return result.out;
}

/// `inspect verdict --json` with `flags`, a space-separated text, and `digests` behind "--".
std::string verdict(const std::string& flags, const std::string& digests) {
  std::vector<std::string> arguments = {"inspect", "verdict", "--json"};
  std::istringstream words{flags + " -- " + digests};
  for (std::string word; words >> word;)
    arguments.push_back(word);
  return line(arguments);
}

}  // namespace

TEST_CASE("R30 inspect emission: exact JSON by day and by time") {
  CHECK(line({"inspect", "emission", "--day", "1", "--json"}) ==
        "{\"day\":1,\"released\":\"4560000000000000000000\","
        "\"remaining\":\"14995440000000000000000000\",\"rate\":\"4560000000000000000000\"}\n");
  CHECK(line({"inspect", "emission", "--day", "6571", "--json"}) ==
        "{\"day\":6571,\"released\":\"9830433750000000000000000\","
        "\"remaining\":\"5169566250000000000000000\",\"rate\":\"71250000000000000000\"}\n");
  CHECK(line({"inspect", "emission", "--day", "0", "--json"}) ==
        "{\"day\":0,\"released\":\"0\",\"remaining\":\"15000000000000000000000000\","
        "\"rate\":\"0\"}\n");
  CHECK(line({"inspect", "emission", "--at", "1711922400", "--json"}) ==
        line({"inspect", "emission", "--day", "1", "--json"}));
  CHECK(line({"inspect", "emission", "--at", "1711922399", "--json"}) ==
        line({"inspect", "emission", "--day", "0", "--json"}));
  const auto day_two = line({"inspect", "emission", "--day", "2", "--json"});
  CHECK(line({"inspect", "emission", "--at", "1086400", "--genesis-time", "1000000", "--json"}) ==
        day_two);
  CHECK(line({"inspect", "emission", "--at", "1086400", "--genesis-time", "1000000", "--preset",
              "dev", "--json"}) == day_two);
  CHECK(line({"inspect", "emission", "--at", "1712008800", "--preset", "whitepaper", "--json"}) ==
        day_two);
  for (const auto& [preset, sentence] :
       {std::pair{"dev", "add --genesis-time"}, std::pair{"default", "leave --genesis-time out"}}) {
    std::vector<std::string> wrong{"inspect", "emission", "--at", "1086400", "--preset", preset};
    if (preset == std::string{"default"})
      wrong.insert(wrong.end(), {"--genesis-time", "1000000"});
    const auto refused = run_datagen(wrong);
    CHECK(refused.code == 2);
    CHECK_MESSAGE(refused.err.find(sentence) != std::string::npos, refused.err);
  }
  CHECK(
    line({"inspect", "emission", "--day", "79127"}) ==
    "day        79127\nreleased   15000000 DG\nremaining  0 DG\nrate       22.5 DG on that day\n");
}

TEST_CASE("R19 inspect verdict: exact JSON in both modes") {
  CHECK(verdict("--mode whitepaper", "A A A A A") ==
        "{\"outcome\":\"pass\",\"pays\":[],\"rule\":\"n1\"}\n");
  CHECK(verdict("--mode whitepaper", "A A A B B C") ==
        "{\"outcome\":\"fault\",\"pays\":[\"validator\",\"checker1\",\"checker5\"],"
        "\"rule\":\"n3p\"}\n");
  CHECK(verdict("--mode whitepaper", "b A A A A") ==
        "{\"outcome\":\"void\",\"pays\":[\"user\"],\"rule\":\"d\"}\n");
  CHECK(verdict("--mode hardened", "b A A A A") ==
        "{\"outcome\":\"pass\",\"pays\":[\"user\"],\"rule\":\"h1\"}\n");
  CHECK(verdict("--mode hardened --receipt", "b A A A A") ==
        "{\"outcome\":\"fault\",\"pays\":[\"validator\"],\"rule\":\"c\"}\n");
  CHECK(verdict("--mode hardened --bad-input", "A A A A A") ==
        "{\"outcome\":\"fault\",\"pays\":[\"validator\"],\"rule\":\"a\"}\n");
  CHECK(verdict("--mode hardened", "A - A A A") ==
        "{\"outcome\":\"fault\",\"pays\":[\"validator\"],\"rule\":\"b\"}\n");
  CHECK(verdict("--mode hardened --attempt 1", "- A A - A") ==
        "{\"outcome\":\"replace\",\"pays\":[],\"rule\":\"e\"}\n");
  CHECK(verdict("--mode hardened --attempt 2", "- A A - A") ==
        "{\"outcome\":\"escalate\",\"pays\":[],\"rule\":\"e\"}\n");
  CHECK(verdict("--mode whitepaper --attempt 2", "- A A - A") ==
        "{\"outcome\":\"undetermined\",\"pays\":[],\"rule\":\"e\"}\n");
  CHECK(verdict("--mode hardened", "A A A B A") ==
        "{\"outcome\":\"escalate\",\"pays\":[],\"rule\":\"h2\"}\n");
  CHECK(line({"inspect", "verdict", "--mode", "whitepaper", "A", "A", "A", "B", "A"}) ==
        "outcome  pass\nrule     n3\npays     checker2\n");
}

TEST_CASE("inspect params: every row has value, unit and meaning, and what follows is stated") {
  for (const std::string preset : {"whitepaper", "default", "dev"}) {
    const auto parsed =
      boost::json::parse(line({"inspect", "params", "--preset", preset, "--json"}));
    CHECK(parsed.at("preset").as_string() == preset);
    const auto& rows = parsed.at("parameters").as_array();
    CHECK(rows.size() > 80);
    for (const auto& row : rows) {
      CHECK_FALSE(row.at("name").as_string().empty());
      CHECK_FALSE(row.at("unit").as_string().empty());
      CHECK_FALSE(row.at("meaning").as_string().empty());
      CHECK_FALSE(row.at("value").is_null());
    }
  }
  const auto dev = boost::json::parse(line({"inspect", "params", "--preset", "dev", "--json"}));
  CHECK(dev.at("derived").at("job_value_max").at("value") == "40476800000000000000");
  CHECK(dev.at("derived").at("audit_fee_needed_permille").at("value") == "683");
  CHECK(line({"inspect", "params"}).find("minimum_stake ") != std::string::npos);
}

TEST_CASE("R28 inspect params: a change that breaks a gate is refused with formula and numbers") {
  const auto refused = run_datagen({"inspect", "params", "--set", "audit_rate_ppm=50000"});
  CHECK(refused.code == 78);
  CHECK(refused.out.empty());
  CHECK(refused.err.find("need 204, set are 100") != std::string::npos);
  const auto weak = run_datagen({"inspect", "params", "--set", "minimum_stake=200 DG"});
  CHECK(weak.code == 78);
  CHECK(weak.err.find("give V = 0 DG") != std::string::npos);
  CHECK(run_datagen({"inspect", "params", "--set", "audit_rate_ppm=21000"}).code == 0);
}

TEST_CASE("R26 inspect self-dealing: no share gains with the cap, every share gains without it") {
  const auto rows = [](const char* cap) {
    return boost::json::parse(line({"inspect", "self-dealing", "--cap", cap, "--json"}))
      .at("rows").as_array();
  };
  CHECK(rows("on").size() == 21);
  for (const auto& row : rows("on"))
    CHECK_FALSE(row.at("gains").as_bool());
  for (const auto& row : rows("off"))
    CHECK(row.at("gains").as_bool() == (row.at("share_permille").as_int64() > 0));
  CHECK(rows("off").back().at("profit").as_string() == "+1085 DG");
  CHECK(line({"inspect", "self-dealing"}).find("100 %      1000 DG          1000 DG          0 DG") !=
        std::string::npos);
}

TEST_CASE("R2 inspect dag: decisions and output of a full DAG, as exact JSON") {
  std::string text = "n=4 w=4 l=1\ncoin 1: B\ncoin 2: C\n";
  for (int round = 1; round <= 4; ++round)
    for (char author = 'A'; author <= 'D'; ++author) {
      text +=
        std::string{author} + std::to_string(round) + ": " + author + std::to_string(round - 1);
      for (char other = 'A'; other <= 'D'; ++other)
        if (other != author)
          text += std::string{" "} + other + std::to_string(round - 1);
      text += "\n";
    }
  const auto result = run_datagen({"inspect", "dag", "-", "--json"}, text);
  CHECK(result.code == 0);
  CHECK(result.out ==
        "{\"slots\":[{\"round\":1,\"offset\":0,\"author\":\"B\",\"decision\":\"direct_commit\","
        "\"block\":\"B1\"},{\"round\":2,\"offset\":0,\"author\":\"C\",\"decision\":\"undecided\","
        "\"block\":\"\"}],\"output\":[[\"B1\"]]}\n");
  CHECK(run_datagen({"inspect", "dag", "-"}, text).out ==
        "slot   decision\n1.0 B  direct_commit B1\n2.0 C  undecided\n\noutput\n1: B1\n");
}

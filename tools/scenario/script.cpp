#include "tools/scenario/script.hpp"

#include "tools/scenario/behaviour_text.hpp"
#include "tools/scenario/places.hpp"
#include "tools/scenario/sentence.hpp"

#include "actors/node/toml_file.hpp"
#include "protocol/params.hpp"

#include <algorithm>
#include <sstream>

namespace datagen::scenario {

namespace {

constexpr std::uint32_t validators_max = 128;
constexpr std::int64_t pace_max = 1'000'000;
constexpr std::int64_t numbers_max = 1'000'000;

std::string list(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& x : words)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

/// A table of the file, with what only scenarios read.
class section : public toml_section {
public:
  explicit section(const toml::table* table, const char* name = "")
      : toml_section(table, std::string{"["} + name + "]") {}

  /// A share from 0 to `high`, kept in millionths.
  void share(const char* key, double high, std::uint64_t& to) {
    const auto* x = find(key);
    if (!x)
      return;
    const auto value = x->value<double>();
    if (!value || !(*value >= 0) || *value > high)
      refuse(*x, std::string{key} + " must be a number from 0 to " + std::to_string(high));
    to = static_cast<std::uint64_t>(*value * 1'000'000 + 0.5);
  }
  void time(const char* key, std::uint64_t& to) {
    if (const auto* x = find(key))
      to = read_time(text_in(*x, key), position_of(x->source()));
  }
};

class script_reader {
public:
  explicit script_reader(const std::string& text) : text_(text), root_(parse_toml(text)) {}

  script read() {
    toml_section top{root_, "the file"};
    read_run(top.table("run"));
    read_parameters(top.table("parameters"), "");
    if (const auto why = protocol::check(out_.params); why != protocol::parameter_check::ok)
      throw script_failure{{}, protocol::explain(out_.params, why)};
    read_cluster(top.table("cluster"));
    read_network(top.table("network"));
    read_places(top.table("places"));
    read_load(top.find("workload"));
    read_story(top.table("story"));
    top.end();
    if (out_.expected.empty())
      throw script_failure{{},
                           "the scenario expects nothing; add a line 'always …', 'within …' or "
                           "'finally …' to [story] steps"};
    std::stable_sort(out_.steps.begin(), out_.steps.end(),
                     [](const step& a, const step& b) { return a.at_ms < b.at_ms; });
    return std::move(out_);
  }

private:
  void read_run(const toml::table* table) {
    section x{table, "run"};
    x.number("seed", 0, INT64_MAX, out_.seed);
    x.time("stop", out_.stop_ms);
    x.text("preset", out_.preset);
    std::string cryptography = "simulated";
    x.text("crypto", cryptography);
    if (cryptography != "simulated" && cryptography != "real")
      section::refuse(*table->get("crypto"), "crypto must be simulated or real");
    out_.cryptography = cryptography == "real" ? crypto::real : crypto::simulated;
    x.number("pace", 1, pace_max, out_.pace);
    if (out_.stop_ms == 0)
      throw script_failure{table ? position_of(table->source()) : position{},
                           "[run] must say when to stop: stop = \"2m\""};
    const auto params = protocol::preset_by_name(out_.preset);
    if (!params)
      section::refuse(*table->get("preset"), "there is no preset '" + out_.preset +
                                             "'; there are dev, default and whitepaper");
    out_.params = *params;
    x.end();
  }

  /// Rows of the genesis table, those of an engine in a table of their own: `heavy.idle_ms = 500`.
  void read_parameters(const toml::table* table, const std::string& prefix) {
    if (!table)
      return;
    for (const auto& [key, value] : *table) {
      const auto name = prefix + std::string{key.str()};
      if (const auto* rows = value.as_table())
        read_parameters(rows, name + ".");
      else if (const auto done = protocol::assign(out_.params, name, row_text(value));
               done != protocol::assign_check::ok)
        section::refuse(value, done == protocol::assign_check::unknown_name
                                 ? "there is no parameter '" + name +
                                     "'; `datagen inspect params` lists them"
                                 : "this is no value for the parameter '" + name + "'");
    }
  }
  static std::string row_text(const toml::node& x) {
    if (const auto* number = x.as_integer())
      return std::to_string(number->get());
    if (const auto* flag = x.as_boolean())
      return flag->get() ? "true" : "false";
    return x.is_string() ? x.as_string()->get() : std::string{};
  }

  void read_cluster(const toml::table* table) {
    section x{table, "cluster"};
    x.number("validators", 4, validators_max, out_.validators);
    x.number("authors", 4, 32, out_.authors);
    x.number("routers", 1, 8, out_.routers);
    x.number("users", 1, 10, out_.users);
    x.number("newcomers", 0, 16, out_.newcomers);
    if (out_.validators < out_.newcomers + 4)
      section::refuse(*table->get("newcomers"), "genesis needs four validators beside newcomers");
    read_behaviours(x.find("behaviour"));
    read_numbers(x.find("stake"), "stake = {v0 = 1000} (DG)", out_.stakes);
    read_numbers(x.find("operator"), "operator = {v1 = 0}", out_.operators);
    x.end();
  }

  void read_behaviours(const toml::node* node) {
    if (!node)
      return;
    if (!node->is_table())
      section::refuse(*node, "behaviour must be a table: behaviour = {v6 = \"lie-on-result\"}");
    for (const auto& [key, value] : *node->as_table()) {
      const auto who = read_party(key.str(), out_, position_of(key.source()));
      const auto read = [&, name = std::string{key.str()}](const toml::node& x) {
        auto at = position_of(x.source());
        ++at.column;  // behind the quote
        const auto text = section::text_in(x, name);
        read_behaviour(who, text, at, out_);
      };
      if (const auto* several = value.as_array())
        for (const auto& x : *several)
          read(x);
      else
        read(value);
    }
  }

  /// A number for some validators.
  void read_numbers(const toml::node* node, const std::string& form,
                    std::map<std::uint32_t, std::uint64_t>& to) {
    if (!node)
      return;
    if (!node->is_table())
      section::refuse(*node, "this must be a table: " + form);
    for (const auto& [key, value] : *node->as_table()) {
      const auto who = read_party(key.str(), out_, position_of(key.source()));
      const auto number = value.value<std::int64_t>();
      if (who.kind != 'v' || !number || *number < 0 || *number > numbers_max)
        section::refuse(value, "this must be a whole number for a validator: " + form);
      to[who.index] = static_cast<std::uint64_t>(*number);
    }
  }

  void read_network(const toml::table* table) {
    section x{table, "network"};
    x.share("jitter", 0.2, out_.jitter_ppm);
    x.share("loss", 0.5, out_.loss_ppm);
    x.end();
  }

  std::string place_in(const toml::node& x) {
    const auto name = section::text_in(x, "a place");
    if (!is_place(name))
      section::refuse(x, "'" + name + "' is no known place; there are " + list(place_names()));
    return name;
  }
  void read_places(const toml::table* table) {
    if (!table)
      return;
    for (const auto& [key, value] : *table) {
      const auto name = key.str();
      if (name == "everyone") {
        out_.place = place_in(value);
      } else if (name.size() == 2 && name[1] == '*') {
        for (std::uint32_t i = 0; i < validators_max; ++i)
          out_.places.try_emplace({name[0], i}, place_in(value));
      } else {
        out_.places[read_party(name, out_, position_of(key.source()))] = place_in(value);
      }
    }
  }

  void read_load(const toml::node* node) {
    if (!node)
      return;
    if (!node->is_array_of_tables())
      section::refuse(*node, "a workload is a table in a list: [[workload]]");
    for (const auto& element : *node->as_array()) {
      section x{element.as_table(), "workload"};
      workload w{.until_ms = out_.stop_ms};
      if (const auto* who = x.find("user"))
        w.user = read_user(*who);
      std::string mode = "latency";
      x.text("mode", mode);
      if (mode != "latency" && mode != "random")
        section::refuse(*element.as_table()->get("mode"), "mode must be latency or random");
      if (mode == "random")
        w.mode = protocol::ledger::tx::pairing_mode::random;
      x.text("kernel", w.kernel);
      x.number("bytes", 0, 1U << 20, w.bytes);
      x.time("from", w.from_ms);
      x.time("until", w.until_ms);
      x.time("every", w.every_ms);
      x.number("bid", 1, numbers_max, w.bid);
      x.flag("canaries", w.canaries);
      x.end();
      out_.load.push_back(std::move(w));
    }
  }
  std::uint32_t read_user(const toml::node& node) {
    const auto who = read_party(section::text_in(node, "user"), out_, position_of(node.source()));
    const auto taken = std::any_of(out_.load.begin(), out_.load.end(),
                                   [&](const workload& x) { return x.user == who.index; });
    if (who.kind != 'u' || taken)
      section::refuse(node, to_string(who) + (taken ? " has a workload already" : " is no user"));
    return who.index;
  }

  void read_story(const toml::table* table) {
    section x{table, "story"};
    read_steps(x.find("steps"));
    x.end();
  }
  void read_steps(const toml::node* node) {
    if (!node)
      return;
    const auto text = section::text_in(*node, "steps");
    auto at = position_of(node->source());
    if (is_block(at)) {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;  // behind the quote
    }
    for (std::size_t begin = 0; begin <= text.size(); ++at.line, at.column = 1) {
      const auto end = std::min(text.find('\n', begin), text.size());
      read_sentence(std::string_view{text}.substr(begin, end - begin), at, out_);
      begin = end + 1;
    }
  }
  /// Three quotes and a line break, which is not part of the text.
  bool is_block(position at) const {
    std::size_t begin = 0;
    for (std::uint32_t line = 1; line < at.line; ++line)
      begin = text_.find('\n', begin) + 1;
    const auto rest = std::string_view{text_}.substr(begin + at.column - 1);
    return rest.starts_with("\"\"\"\n") || rest.starts_with("'''\n") ||
           rest.starts_with("\"\"\"\r\n") || rest.starts_with("'''\r\n");
  }

  const std::string& text_;
  toml::table root_;
  script out_;
};

}  // namespace

std::string to_string(const party& x) { return x.kind + std::to_string(x.index); }

std::optional<party> party_of(const peer& x) {
  switch (x.kind) {
    case role::validator:
    case role::cross_checker:
    case role::fast_author:
      return party{'v', x.index};
    case role::heavy_author:
    case role::selector:
      return party{'h', x.index};
    case role::router:
      return party{'r', x.index};
    case role::user:
      return party{'u', x.index};
    default:
      return std::nullopt;
  }
}

std::variant<script, script_error> read_script(const std::string& text) {
  if (text.size() > script_bytes_max)
    return script_error{{},
                        "the file is longer than " + std::to_string(script_bytes_max) + " bytes"};
  try {
    return script_reader{text}.read();
  } catch (const script_failure& x) {
    return script_error{x.at, x.what()};
  }
}

}  // namespace datagen::scenario

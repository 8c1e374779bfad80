#include "tools/scenario/script.hpp"

#include "tools/scenario/places.hpp"
#include "tools/scenario/sentence.hpp"

#include "protocol/params.hpp"

#include <algorithm>
#include <stdexcept>

namespace datagen::scenario {
/// The library's parser asserts where some malformed files lead it: there they are refused instead.
constexpr void toml_holds(bool condition) {
  if (!condition)
    throw std::logic_error{"this is no TOML"};
}
}  // namespace datagen::scenario
#define TOML_ASSERT(condition) ::datagen::scenario::toml_holds(static_cast<bool>(condition))
#include <toml++/toml.h>

namespace datagen::scenario {

namespace {

position position_of(const toml::source_region& x) { return {x.begin.line, x.begin.column}; }

std::string list(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& x : words)
    result += (result.empty() ? "" : ", ") + x;
  return result;
}

/// One table of the file: every key is asked for by name, and one that nobody asked for is an
/// error.
class section {
public:
  explicit section(const toml::table* table) : table_(table) {}

  const toml::node* find(const char* key) {
    known_.emplace_back(key);
    return table_ ? table_->get(key) : nullptr;
  }
  void number(const char* key, std::uint64_t low, std::uint64_t high, auto& to) {
    const auto* x = find(key);
    if (!x)
      return;
    const auto value = x->value<std::int64_t>();
    if (!x->is_integer() || *value < static_cast<std::int64_t>(low) ||
        *value > static_cast<std::int64_t>(high))
      fail(*x, std::string{key} + " must be a whole number from " + std::to_string(low) + " to " +
                 std::to_string(high));
    to = static_cast<std::decay_t<decltype(to)>>(*value);
  }
  /// A share from 0 to `high`, kept in millionths.
  void share(const char* key, double high, std::uint64_t& to) {
    const auto* x = find(key);
    if (!x)
      return;
    const auto value = x->value<double>();
    if (!value || !(*value >= 0) || *value > high)
      fail(*x, std::string{key} + " must be a number from 0 to " + std::to_string(high));
    to = static_cast<std::uint64_t>(*value * 1'000'000 + 0.5);
  }
  void time(const char* key, std::uint64_t& to) {
    if (const auto* x = find(key))
      to = read_time(text_of(*x, key), position_of(x->source()));
  }
  void text(const char* key, std::string& to) {
    if (const auto* x = find(key))
      to = text_of(*x, key);
  }
  std::string text_of(const toml::node& x, const std::string& key) {
    const auto value = x.value<std::string>();
    if (!value)
      fail(x, key + " must be a text in quotes");
    return *value;
  }
  void end(const char* name) const {
    if (table_)
      for (const auto& [key, value] : *table_)
        if (std::find(known_.begin(), known_.end(), std::string{key.str()}) == known_.end())
          throw script_failure{position_of(key.source()),
                               "[" + std::string{name} + "] has no key '" + std::string{key.str()} +
                                 "'; it has " + list(known_)};
  }
  [[noreturn]] static void fail(const toml::node& at, const std::string& what) {
    throw script_failure{position_of(at.source()), what};
  }

private:
  const toml::table* table_;
  std::vector<std::string> known_;
};

class script_reader {
public:
  explicit script_reader(const std::string& text) : text_(text), root_(toml::parse(text)) {}

  script read() {
    section top{&root_};
    read_run(table_of(top, "run"));
    read_cluster(table_of(top, "cluster"));
    read_network(table_of(top, "network"));
    read_places(table_of(top, "places"));
    read_load(top.find("workload"));
    read_story(table_of(top, "story"));
    top.end("the file");
    if (out_.expected.empty())
      throw script_failure{{},
                           "the scenario expects nothing; add a line 'always …', 'within …' or "
                           "'finally …' to [story] steps"};
    std::stable_sort(out_.steps.begin(), out_.steps.end(),
                     [](const step& a, const step& b) { return a.at_ms < b.at_ms; });
    return std::move(out_);
  }

private:
  const toml::table* table_of(section& in, const char* key) {
    const auto* x = in.find(key);
    if (x && !x->is_table())
      section::fail(*x, std::string{key} + " must be a table: [" + key + "]");
    return x ? x->as_table() : nullptr;
  }

  void read_run(const toml::table* table) {
    section x{table};
    x.number("seed", 0, INT64_MAX, out_.seed);
    x.time("stop", out_.stop_ms);
    x.text("preset", out_.preset);
    if (out_.stop_ms == 0)
      throw script_failure{table ? position_of(table->source()) : position{},
                           "[run] must say when to stop: stop = \"2m\""};
    if (!protocol::preset_by_name(out_.preset))
      section::fail(*table->get("preset"), "there is no preset '" + out_.preset +
                                             "'; there are dev, default and whitepaper");
    x.end("run");
  }

  void read_cluster(const toml::table* table) {
    section x{table};
    x.number("validators", 4, 64, out_.validators);
    x.number("authors", 4, 32, out_.authors);
    x.number("routers", 1, 8, out_.routers);
    x.number("users", 1, 10, out_.users);
    if (const auto* behaviours = x.find("behaviour")) {
      if (!behaviours->is_table())
        section::fail(*behaviours,
                      "behaviour must be a table: behaviour = {v6 = \"lie-on-result\"}");
      for (const auto& [key, value] : *behaviours->as_table()) {
        const auto who = read_party(key.str(), out_, position_of(key.source()));
        const auto what = x.text_of(value, std::string{key.str()});
        if (who.kind != 'v' || (what != "lie-on-result" && what != "honest"))
          section::fail(value, "'" + what + "' is not built for " + to_string(who) +
                                 "; validators can be honest or lie-on-result");
        if (what == "lie-on-result")
          out_.liars.insert(who.index);
      }
    }
    x.end("cluster");
  }

  void read_network(const toml::table* table) {
    section x{table};
    x.share("jitter", 0.2, out_.jitter_ppm);
    x.share("loss", 0.5, out_.loss_ppm);
    x.end("network");
  }

  std::string place_in(const toml::node& x) {
    const auto name = section{nullptr}.text_of(x, "a place");
    if (!is_place(name))
      section::fail(x, "'" + name + "' is no known place; there are " + list(place_names()));
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
        for (std::uint32_t i = 0; i < 64; ++i)
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
      section::fail(*node, "a workload is a table in a list: [[workload]]");
    for (const auto& element : *node->as_array()) {
      section x{element.as_table()};
      workload w{.until_ms = out_.stop_ms};
      if (const auto* who = x.find("user"))
        w.user = read_user(*who, x);
      std::string mode = "latency";
      x.text("mode", mode);
      if (mode != "latency" && mode != "random")
        section::fail(*element.as_table()->get("mode"), "mode must be latency or random");
      if (mode == "random")
        w.mode = protocol::ledger::tx::pairing_mode::random;
      x.text("kernel", w.kernel);
      x.number("bytes", 0, 1U << 20, w.bytes);
      x.time("from", w.from_ms);
      x.time("until", w.until_ms);
      x.time("every", w.every_ms);
      x.end("workload");
      out_.load.push_back(std::move(w));
    }
  }
  std::uint32_t read_user(const toml::node& node, section& in) {
    const auto who = read_party(in.text_of(node, "user"), out_, position_of(node.source()));
    const auto taken = std::any_of(out_.load.begin(), out_.load.end(),
                                   [&](const workload& x) { return x.user == who.index; });
    if (who.kind != 'u' || taken)
      section::fail(node, to_string(who) + (taken ? " has a workload already" : " is no user"));
    return who.index;
  }

  void read_story(const toml::table* table) {
    section x{table};
    read_steps(x.find("steps"));
    x.end("story");
  }
  void read_steps(const toml::node* node) {
    if (!node)
      return;
    const auto text = section{nullptr}.text_of(*node, "steps");
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
  } catch (const toml::parse_error& x) {
    return script_error{position_of(x.source()), std::string{x.description()}};
  } catch (const std::logic_error& x) {
    return script_error{{}, x.what()};
  }
}

}  // namespace datagen::scenario

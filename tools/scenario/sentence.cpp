#include "tools/scenario/sentence.hpp"

#include "tools/scenario/claims.hpp"
#include "tools/scenario/deeds.hpp"
#include "tools/scenario/line_reader.hpp"

namespace datagen::scenario {

namespace {

constexpr const char* first_expected = "'at', 'within', 'always' or 'finally'";
constexpr const char* restarts = "a validator (v0) or a Heavy author (h0)";
constexpr const char* action_expected =
  "kill, restart, cut, partition, slow, disk, or who does something: u1 proposes, v3 asks, …";

class action_reader {
public:
  action_reader(line_reader& line, std::uint64_t at_ms, script& to)
      : line_(line), at_ms_(at_ms), to_(to) {}

  void read() {
    do {
      what_ = line_.take(action_expected);
      if (what_.text == "kill")
        add(at_ms_, act::kill{line_.one("vh", restarts)});
      else if (what_.text == "restart")
        read_restart();
      else if (what_.text == "cut")
        read_cut();
      else if (what_.text == "partition")
        read_partition();
      else if (what_.text == "slow")
        read_slow();
      else if (what_.text == "disk")
        read_disk();
      else if (names_party(what_.text))
        read_deed(read_party(what_.text, to_, what_.at));
      else
        line_.fail(what_, action_expected);
    } while (line_.take_if(";"));
    if (const auto* more = line_.peek())
      line_.fail(*more, "';' or the end of the line");
  }

private:
  void read_restart() {
    const auto who = line_.one("vh", restarts);
    const auto after = line_.take_if("after") ? line_.time("after") : 0;
    add(at_ms_ + after, act::restart{who, line_.take_all("losing unsynced writes")});
  }
  void read_disk() {
    line_.need("of");
    const auto who = line_.one("vh", restarts);
    line_.need("fails");
    add(at_ms_, act::disk_fails{who});
  }
  void read_deed(const party& who) {
    for (const auto& x : to_.load)
      if (who.kind == 'u' && x.user == who.index)
        throw script_failure{what_.at, to_string(who) + " has a workload, whose own money moves these "
                                                        "would cross: name a user without one"};
    add(at_ms_, deed_of(line_, who, at_ms_, what_.at));
  }
  void read_cut() {
    const auto who = line_.several();
    parties others;
    for (const auto* kind : {"v*", "h*", "r*", "u*"})
      for (const auto& x : line_.all_of({kind, what_.at}))
        if (who.count(x) == 0)
          others.insert(x);
    cut_for(who, others, true);
  }
  void read_partition() {
    const auto from = line_.several();
    const auto between = line_.take("'|' or '->'");
    if (between.text != "|" && between.text != "->")
      line_.fail(between, "'|' (both ways) or '->' (messages to the right are lost)");
    const auto to = line_.several();
    for (const auto& x : to)
      if (from.count(x) != 0)
        throw script_failure{between.at, to_string(x) + " is on both sides of the partition"};
    cut_for(from, to, between.text == "|");
  }
  void cut_for(const parties& from, const parties& to, bool both) {
    add(at_ms_, act::cut{from, to, both});
    if (line_.take_if("for"))
      add(at_ms_ + line_.time("for"), act::mend{from, to, both});
  }
  void read_slow() {
    const auto who = line_.several();
    line_.need("by");
    const auto by_ms = static_cast<std::int64_t>(line_.time("by"));
    add(at_ms_, act::slow{who, by_ms});
    if (line_.take_if("for"))
      add(at_ms_ + line_.time("for"), act::slow{who, -by_ms});
  }
  void add(std::uint64_t at_ms, action what) {
    if (at_ms > to_.stop_ms)
      throw script_failure{what_.at, "this happens after the run's stop"};
    to_.steps.push_back({at_ms, std::move(what), line_.text(), what_.at});
  }

  line_reader& line_;
  std::uint64_t at_ms_;
  script& to_;
  word what_;
};

}  // namespace

void read_sentence(std::string_view text, position at, script& to) {
  line_reader line{text, at, to};
  if (line.done())
    return;
  const auto first = line.take(first_expected);
  if (first.text == "at")
    return action_reader{line, line.time("at"), to}.read();
  expectation x{.text = line.text(), .at = first.at};
  if (first.text == "within") {
    x.when = judged::within;
    x.until_ms = line.time("within");
  } else if (first.text == "always" || first.text == "finally") {
    x.when = first.text == "always" ? judged::always : judged::finally;
  } else {
    line.fail(first, first_expected);
  }
  if (x.until_ms > to.stop_ms)
    throw script_failure{x.at, "this is judged after the run's stop"};
  read_claim(line, x);
  to.expected.push_back(std::move(x));
}

}  // namespace datagen::scenario

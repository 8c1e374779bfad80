#include "tools/scenario/shrink.hpp"

#include "tools/scenario/sentence.hpp"

#include "actors/node/toml_file.hpp"

#include <sstream>

namespace datagen::scenario {

namespace {

/// One way to make a scenario smaller. @returns false where there is nothing of the kind.
using cut = std::function<bool(toml::table&)>;

std::string print(const toml::table& x) {
  std::ostringstream out;
  out << x << '\n';
  return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

bool is_fault(const std::string& line) {
  const auto begin = line.find_first_not_of(" \t");
  return begin != std::string::npos && line.compare(begin, 3, "at ") == 0;
}

/// Leaves out the `n`th line of the story that makes something happen.
cut without_fault(std::size_t n) {
  return [n](toml::table& x) {
    auto* steps = x["story"]["steps"].as_string();
    if (!steps)
      return false;
    std::string rest;
    std::size_t found = 0;
    for (const auto& line : lines_of(steps->get()))
      if (!is_fault(line) || found++ != n)
        rest += line + '\n';
    *steps = rest;
    return found > n;
  };
}

cut without_behaviour(std::size_t n) {
  return [n](toml::table& x) {
    auto* all = x["cluster"]["behaviour"].as_table();
    if (!all || all->size() <= n)
      return false;
    all->erase(std::next(all->cbegin(), static_cast<std::ptrdiff_t>(n)));
    return true;
  };
}

/// One party of the kind less, down to what the language allows.
cut fewer(const char* key, std::int64_t usual, std::int64_t least) {
  return [=](toml::table& x) {
    auto* cluster = x["cluster"].as_table();
    if (!cluster)
      cluster = x.insert_or_assign("cluster", toml::table{}).first->second.as_table();
    const auto now = (*cluster)[key].value_or(usual);
    if (now <= least)
      return false;
    cluster->insert_or_assign(key, now - 1);
    return true;
  };
}

cut without_workload(std::size_t n) {
  return [n](toml::table& x) {
    auto* all = x["workload"].as_array();
    if (!all || all->size() <= n)
      return false;
    all->erase(std::next(all->cbegin(), static_cast<std::ptrdiff_t>(n)));
    if (all->empty())
      x.erase("workload");
    return true;
  };
}

/// Half as many jobs of the `n`th workload.
cut rarer_jobs(std::size_t n) {
  return [n](toml::table& x) {
    auto* all = x["workload"].as_array();
    if (!all || all->size() <= n || !(*all)[n].is_table())
      return false;
    auto& load = *(*all)[n].as_table();
    const auto every = load["every"].value_or(std::string{"1s"});
    const auto ms = read_time(every, {});
    if (ms >= 60'000)
      return false;
    load.insert_or_assign("every", std::to_string(std::max<std::uint64_t>(ms, 1) * 2) + "ms");
    return true;
  };
}

class shrinker {
public:
  shrinker(const std::string& text, const std::function<bool(const script&)>& fails,
           std::uint32_t runs_max)
      : now_(parse_toml(text)), fails_(fails), runs_max_(runs_max) {
    out_.text = text;
  }

  shrunk run() {
    for (bool smaller = true; smaller && out_.runs < runs_max_;) {
      const auto before = out_.steps;
      one_of_each(without_fault);
      one_of_each(without_behaviour);
      repeat(fewer("validators", 7, 4));
      repeat(fewer("authors", 4, 4));
      one_of_each(without_workload);
      repeat(fewer("users", 1, 1));
      repeat(fewer("routers", 1, 1));
      for (std::size_t n = 0; n < 10; ++n)
        repeat(rarer_jobs(n));
      smaller = out_.steps > before;
    }
    return std::move(out_);
  }

private:
  enum class tried { smaller, needed, nothing };

  tried attempt(const cut& x) {
    auto next = now_;
    if (out_.runs >= runs_max_ || !x(next))
      return tried::nothing;
    const auto text = print(next);
    const auto read = read_script(text);
    const auto* what = std::get_if<script>(&read);
    if (!what)
      return tried::needed;  // something else names what is gone
    ++out_.runs;
    if (!fails_(*what))
      return tried::needed;
    ++out_.steps;
    now_ = std::move(next);
    out_.text = text;
    return tried::smaller;
  }
  void repeat(const cut& x) {
    while (attempt(x) == tried::smaller) {
    }
  }
  /// Whatever can go of a list goes; the others keep their places.
  void one_of_each(cut (*without)(std::size_t)) {
    for (std::size_t n = 0;;) {
      const auto result = attempt(without(n));
      if (result == tried::nothing)
        return;
      n += result == tried::needed;
    }
  }

  toml::table now_;
  const std::function<bool(const script&)>& fails_;
  const std::uint32_t runs_max_;
  shrunk out_;
};

}  // namespace

shrunk shrink(const std::string& text, const std::function<bool(const script&)>& fails,
              std::uint32_t runs_max) {
  return shrinker{text, fails, runs_max}.run();
}

}  // namespace datagen::scenario

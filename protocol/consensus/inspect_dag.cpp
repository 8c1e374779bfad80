#include "protocol/consensus/dag_text.hpp"
#include "protocol/consensus/linearizer.hpp"

namespace datagen::protocol::consensus {

namespace {

slot_report report_of(const slot& s) {
  return {s.round, s.offset, static_cast<char>('A' + s.author), std::string{to_text(s.decision)},
          s.leader ? vertex_name(s.leader->v->ref) : std::string{}};
}

}  // namespace

std::variant<dag_text_error, dag_report> inspect_dag(std::string_view text) {
  auto parsed = parse_dag(text);
  if (auto* error = std::get_if<dag_text_error>(&parsed))
    return std::move(*error);
  auto& input = std::get<text_dag>(parsed);
  input.params.gc_depth = ~std::uint32_t{0};  // nothing is collected
  dag graph{input.authors, input.params};
  for (const auto& v : input.vertices)
    graph.accept(v);

  std::map<slot_cursor, slot_report> slots;
  for (const auto& [round, leaders] : input.leaders)
    for (std::uint32_t i = 0; i < leaders.size(); ++i)
      slots[{round, i}] = report_of({round, i, leaders[i]});
  dag_report result;
  committer rule;
  linearizer order{1, {}, 0};
  for (const auto& decided : rule.advance(graph, text_elector{input})) {
    slots[{decided.round, decided.offset}] = report_of(decided);
    if (!decided.leader)
      continue;
    auto& names = result.output.emplace_back();
    for (const auto& ref : order.take(graph, decided).block.vertices)
      names.push_back(vertex_name(ref));
  }
  for (const auto& open : rule.pending())
    slots[{open.round, open.offset}] = report_of(open);
  for (auto& [cursor, report] : slots)
    result.slots.push_back(std::move(report));
  return result;
}

}  // namespace datagen::protocol::consensus

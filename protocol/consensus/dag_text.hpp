#pragma once
// DAGs written as text, for people, tests and `datagen inspect dag FILE`:
//
//   n=4 w=4 l=1
//   coin 1: B
//   A1: A0 B0 C0 D0        (own first; `'` marks a twin, as in A1')
//
// Any order that respects ancestry; no signatures, no garbage collection (consensus.md 4.3).

#include "protocol/consensus/coin.hpp"
#include "protocol/consensus/vertex.hpp"

#include <variant>

namespace datagen::protocol::consensus {

struct dag_text_error {
  std::size_t line = 0;  ///< Counted from 1; 0 when the text as a whole is wrong.
  std::string what;      ///< What was found and what was expected.
};

/// A parsed DAG: authors are letters, vertices carry no signature, twins differ in their digest.
struct text_dag {
  std::size_t authors = 0;
  engine_params params;                                       ///< Wave and leaders; no collection.
  std::map<round_number, std::vector<author_index>> leaders;  ///< The coin lines.
  std::vector<vertex_ptr> vertices;                           ///< Ancestors before descendants.
};

/// Reads the text form; refuses what breaks clauses 2 and 3 of consensus.md 2.2.
std::variant<dag_text_error, text_dag> parse_dag(std::string_view text);
/// "A1" or, for a twin, "A1'".
std::string vertex_name(const vertex_ref& ref);

/// Leaders as the coin lines say.
class text_elector : public elector {
public:
  explicit text_elector(const text_dag& text) : leaders_(text.leaders) {}
  std::optional<election> elect(const dag& d, round_number slot_round) const override;

private:
  std::map<round_number, std::vector<author_index>> leaders_;
};

/// One slot's fate, in words and letters.
struct slot_report {
  round_number round = 0;
  std::size_t offset = 0;
  char author = 'A';
  std::string decision;  ///< direct_commit, indirect_commit, direct_skip, indirect_skip, undecided
  std::string block;     ///< "A1" or "A1'" of a commit; empty otherwise.
};

struct dag_report {
  std::vector<slot_report> slots;                ///< In order, all rounds whose coin line is given.
  std::vector<std::vector<std::string>> output;  ///< Per committed slot before the first undecided.
};

/// Decides every slot of the DAG in `text`.
std::variant<dag_text_error, dag_report> inspect_dag(std::string_view text);

}  // namespace datagen::protocol::consensus

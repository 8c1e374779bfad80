#include "actors/http/event_stream.hpp"

#include <algorithm>

namespace datagen::http {

bool event_queue::wants(const std::string& topic) const {
  return wanted_.topics.empty() || wanted_.topics.contains(topic);
}

bool event_queue::push(std::shared_ptr<const event> e) {
  std::lock_guard lock{mutex_};
  const bool was_empty = events_.empty() && lagged_.empty();
  if (events_.size() >= events_max_) {
    // In order of sequence within a topic, so the first one seen is the first one lost.
    for (const auto& lost : events_)
      lagged_.try_emplace(lost->topic, lost->sequence);
    events_.clear();
  }
  events_.push_back(std::move(e));
  return was_empty;
}

void event_queue::mark_lagged(const std::string& topic, std::uint64_t from) {
  std::lock_guard lock{mutex_};
  lagged_.try_emplace(topic, from);
}

std::optional<std::string> event_queue::pop() {
  std::lock_guard lock{mutex_};
  if (!lagged_.empty()) {
    auto mark = lagged_.extract(lagged_.begin());
    return R"({"type":"lagged","topic":")" + mark.key() + R"(","from":)" +
           std::to_string(mark.mapped()) + "}";
  }
  if (events_.empty())
    return std::nullopt;
  auto next = std::move(events_.front());
  events_.pop_front();
  return next->text;
}

void event_stream::publish(const std::string& topic, std::uint64_t sequence,
                           std::string_view members) {
  auto e = std::make_shared<event>();
  e->topic = topic;
  e->sequence = sequence;
  e->text = R"({"topic":")" + topic + R"(","sequence":)" + std::to_string(sequence);
  e->text += members == "{}" ? "}" : "," + std::string{members.substr(1)};
  std::vector<std::shared_ptr<event_reader>> woken;  // woken, and perhaps destroyed, unlocked
  {
    std::lock_guard lock{mutex_};
    if (remembered_.contains(topic) || remembered_.size() < topics_max_) {
      auto& kept = remembered_[topic];
      kept.push_back(e);
      if (kept.size() > remembered_max_)
        kept.pop_front();
    }
    std::erase_if(readers_, [](const auto& reader) { return reader.expired(); });
    for (const auto& weak : readers_)
      if (auto reader = weak.lock())
        woken.push_back(std::move(reader));
    std::erase_if(woken, [&](const auto& reader) {
      return !reader->queue().wants(topic) || !reader->queue().push(e);
    });
  }
  for (const auto& reader : woken)
    reader->wake();
}

void event_stream::add(const std::shared_ptr<event_reader>& reader) {
  {
    std::lock_guard lock{mutex_};
    for (const auto& [topic, kept] : remembered_)
      if (reader->queue().wants(topic))
        replay(reader->queue(), topic);
    readers_.push_back(reader);
  }
  reader->wake();
}

void event_stream::replay(event_queue& queue, const std::string& topic) {
  const auto& wanted = queue.wanted();
  const auto single = wanted.resume_topics.find(topic);
  const auto from =
    single != wanted.resume_topics.end() ? std::optional{single->second} : wanted.resume_from;
  const auto& kept = remembered_[topic];
  if (!from || kept.empty())
    return;
  if (*from < kept.front()->sequence && kept.size() >= remembered_max_)
    queue.mark_lagged(topic, *from);
  for (const auto& e : kept)
    if (e->sequence >= *from)
      (void)queue.push(e);
}

}  // namespace datagen::http

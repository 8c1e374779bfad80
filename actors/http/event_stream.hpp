#pragma once
// Topics that WebSocket readers follow. Messages to a reader:
//   {"topic":"blocks","sequence":7,…}             an event, with its own members
//   {"type":"lagged","topic":"blocks","from":3}   events from 3 on are lost to this reader, up to
//                                                 the next one it gets: fetch a snapshot

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datagen::http {

/// One event as it goes out, shared by all its readers.
struct event {
  std::string topic;
  std::uint64_t sequence = 0;
  std::string text;
};

/// What one reader asked for.
struct subscription {
  std::set<std::string> topics;                        ///< Empty: all of them.
  std::optional<std::uint64_t> resume_from;            ///< First sequence wanted, every topic.
  std::map<std::string, std::uint64_t> resume_topics;  ///< The same for single topics.
};

/// The bounded queue of one reader: when it is full, everything in it becomes "lagged" marks.
/// Thread-safe.
class event_queue {
public:
  event_queue(subscription wanted, std::size_t events_max)
      : wanted_(std::move(wanted)), events_max_(events_max) {}
  const subscription& wanted() const { return wanted_; }
  bool wants(const std::string& topic) const;
  /// @returns true if the queue was empty: the reader has to be woken.
  bool push(std::shared_ptr<const event> e);
  /// Marks everything of the topic from `from` on as lost.
  void mark_lagged(const std::string& topic, std::uint64_t from);
  /// The next message, marks first.
  std::optional<std::string> pop();

private:
  const subscription wanted_;
  const std::size_t events_max_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const event>> events_;
  std::map<std::string, std::uint64_t> lagged_;
};

/// A reader as the stream sees it. `wake` comes from any thread and must not block.
struct event_reader {
  virtual ~event_reader() = default;
  virtual event_queue& queue() = 0;
  virtual void wake() = 0;
};

/// Thread-safe. Remembers the last events of each topic so that readers can resume.
class event_stream {
public:
  /// @param remembered_max events kept per topic  @param topics_max topics whose events are kept;
  /// events of further topics reach present readers only.
  explicit event_stream(std::size_t remembered_max = 1024, std::size_t topics_max = 256)
      : remembered_max_(remembered_max), topics_max_(topics_max) {}

  /// Sends an event to everyone who wants its topic. @pre sequences of a topic ascend, `members` is
  /// a JSON object, and topic names need no escaping.
  void publish(const std::string& topic, std::uint64_t sequence, std::string_view members);
  /// Fills the reader's queue with what it resumes from, then adds it: no event is missed or
  /// doubled in between. The reader leaves by being destroyed.
  void add(const std::shared_ptr<event_reader>& reader);

private:
  void replay(event_queue& queue, const std::string& topic);

  const std::size_t remembered_max_;
  const std::size_t topics_max_;
  std::mutex mutex_;
  std::map<std::string, std::deque<std::shared_ptr<const event>>> remembered_;
  std::vector<std::weak_ptr<event_reader>> readers_;
};

}  // namespace datagen::http

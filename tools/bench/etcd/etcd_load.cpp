// Puts values into an etcd cluster, so many at a time, through its leader: `etcd_load
// HOST:PORT,HOST:PORT,… IN-FLIGHT SECONDS VALUE-BYTES`. Prints puts acknowledged, seconds, and the
// median and 99th percentile of the latency in microseconds. Half a second before is not counted.

#include "kv.grpc.pb.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
using etcdserverpb::KV;
using etcdserverpb::Maintenance;

constexpr std::chrono::milliseconds warm_up{500};

/// The member that leads, waited for up to 30 s; null when there is none.
std::shared_ptr<grpc::Channel> find_leader(const std::string& endpoints) {
  for (int attempt = 0; attempt < 300; ++attempt) {
    std::istringstream in{endpoints};
    for (std::string endpoint; std::getline(in, endpoint, ',');) {
      auto channel = grpc::CreateChannel(endpoint, grpc::InsecureChannelCredentials());
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{1});
      etcdserverpb::StatusResponse status;
      const auto answer = Maintenance::NewStub(channel)->Status(&context, {}, &status);
      if (answer.ok() && status.leader() != 0 && status.leader() == status.header().member_id())
        return channel;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  return nullptr;
}

struct put {
  grpc::ClientContext context;
  grpc::Status status;
  etcdserverpb::PutResponse answer;
  std::unique_ptr<grpc::ClientAsyncResponseReader<etcdserverpb::PutResponse>> reader;
  clock_type::time_point start;
};

class load {
public:
  load(std::shared_ptr<grpc::Channel> channel, std::size_t value_bytes)
      : stub_(KV::NewStub(channel)), value_(value_bytes, '\0') {
    for (auto& x : value_)
      x = static_cast<char>(std::rand());
    run_ = std::to_string(clock_type::now().time_since_epoch().count());
  }

  /// @returns whether every put was acknowledged.
  bool run(std::uint32_t in_flight, std::chrono::duration<double> length) {
    const auto begin = clock_type::now() + warm_up;
    const auto end = begin + std::chrono::duration_cast<clock_type::duration>(length);
    for (std::uint32_t i = 0; i < in_flight; ++i)
      submit();
    void* tag = nullptr;
    bool ok = false;
    for (auto open = in_flight; open > 0 && queue_.Next(&tag, &ok);) {
      const std::unique_ptr<put> done{static_cast<put*>(tag)};
      if (!done->status.ok()) {
        std::cerr << done->status.error_message() << '\n';
        return false;
      }
      const auto now = clock_type::now();
      if (now >= begin && now < end)
        times_us_.push_back(std::chrono::duration<double, std::micro>{now - done->start}.count());
      if (now < end)
        submit();
      else
        --open;
    }
    return true;
  }

  std::vector<double> times_us() const { return times_us_; }

private:
  void submit() {
    auto next = std::make_unique<put>();
    etcdserverpb::PutRequest request;
    request.set_key(run_ + "/" + std::to_string(number_++));
    request.set_value(value_);
    next->start = clock_type::now();
    next->reader = stub_->AsyncPut(&next->context, request, &queue_);
    next->reader->Finish(&next->answer, &next->status, next.get());
    next.release();  // the queue's tag owns it
  }

  std::unique_ptr<KV::Stub> stub_;
  grpc::CompletionQueue queue_;
  std::string value_;
  std::string run_;  ///< First part of every key: no run touches keys of another.
  std::uint64_t number_ = 0;
  std::vector<double> times_us_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: etcd_load HOST:PORT,... IN-FLIGHT SECONDS VALUE-BYTES\n";
    return 2;
  }
  const auto leader = find_leader(argv[1]);
  if (!leader) {
    std::cerr << "no leader within 30 s\n";
    return 1;
  }
  const auto seconds = std::atof(argv[3]);
  load what{leader, static_cast<std::size_t>(std::atoi(argv[4]))};
  if (!what.run(static_cast<std::uint32_t>(std::atoi(argv[2])),
                std::chrono::duration<double>{seconds}))
    return 1;
  auto times = what.times_us();
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times.empty()
             ? 0
             : times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  std::cout << times.size() << ' ' << seconds << ' ' << at(0.5) << ' ' << at(0.99) << '\n';
  return 0;
}

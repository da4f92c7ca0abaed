// The program as a user starts it: a child process whose output is read and whose end is waited
// for. Every wait is for an event (a line, the end) and has a limit; a process left over is killed
// with its object.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace entente::e2e {

inline constexpr int patience_ms = 30'000;

struct ProcessOptions {
    std::vector<std::string> environment;  // "NAME=value", besides the parent's
    long file_bytes_max = 0;               // 0: no limit; else what a full disk would refuse
    std::string program = {};              // found on the PATH; empty: entente
};

class Process {
public:
    explicit Process(std::vector<std::string> words) : Process(std::move(words), {}) {}
    Process(std::vector<std::string> words, const ProcessOptions& options);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // Whether the text appears in what it prints, `times` times, before it ends.
    bool says(std::string_view text, int times = 1);
    // Its exit status; 128 + signal when it was killed; -1 when it did not end in time (it is
    // killed then).
    int wait();
    void signal(int number);

    pid_t pid() const { return pid_; }
    const std::string& out() const { return out_; }
    const std::string& err() const { return err_; }
    std::string last_line() const;  // of standard output

private:
    bool pump(int timeout_ms);  // whether anything happened
    bool reap();

    pid_t pid_ = -1;
    int handle_ = -1;  // readable when the process has ended
    int out_pipe_ = -1, err_pipe_ = -1;
    bool ended_ = false;
    int status_ = 0;
    std::string out_, err_;
};

// Runs to the end: entente WORDS...
struct Finished {
    int status = 0;
    std::string out, err, last_line;
};
// `run --until-idle` that came to rest: everything agrees, whether or not something waits for a person.
bool came_to_rest(const Finished& run);
Finished entente(std::vector<std::string> words);
Finished entente(std::vector<std::string> words, const ProcessOptions& options);

}  // namespace entente::e2e

#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

namespace entente::e2e {

namespace {

// What a child may say while the test waits for another one.
constexpr int pipe_bytes = 1 << 20;

std::int64_t now_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// Reads what is there; closes the pipe at its end.
void drain(int& pipe, std::string& into) {
    char chunk[4096];
    ssize_t got = 0;
    while (pipe >= 0 && (got = ::read(pipe, chunk, sizeof chunk)) > 0)
        into.append(chunk, static_cast<std::size_t>(got));
    if (pipe >= 0 && got == 0) {
        ::close(pipe);
        pipe = -1;
    }
}

int count(std::string_view text, std::string_view in) {
    int found = 0;
    for (auto at = in.find(text); at != std::string_view::npos;
         at = in.find(text, at + text.size()))
        ++found;
    return found;
}

}  // namespace

Process::Process(std::vector<std::string> words, const ProcessOptions& options) {
    words.insert(words.begin(), options.program.empty() ? ENTENTE_BINARY : options.program);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int out[2], err[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(err[1], STDERR_FILENO);
        for (const auto& variable : options.environment)
            ::putenv(const_cast<char*>(variable.c_str()));
        if (options.file_bytes_max > 0) {
            const rlimit limit{static_cast<rlim_t>(options.file_bytes_max),
                               static_cast<rlim_t>(options.file_bytes_max)};
            ::signal(SIGXFSZ, SIG_IGN);
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    ::close(out[1]);
    ::close(err[1]);
    out_pipe_ = out[0];
    err_pipe_ = err[0];
    ::fcntl(out_pipe_, F_SETPIPE_SZ, pipe_bytes);
    ::fcntl(out_pipe_, F_SETFL, O_NONBLOCK);
    ::fcntl(err_pipe_, F_SETFL, O_NONBLOCK);
    // glibc 2.36 declares pidfd_open without C linkage.
    handle_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
}

Process::~Process() {
    if (!ended_ && pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    for (const int descriptor : {out_pipe_, err_pipe_, handle_}) {
        if (descriptor >= 0) ::close(descriptor);
    }
}

bool Process::reap() {
    int status = 0;
    if (ended_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return ended_;
    ended_ = true;
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
}

bool Process::pump(int timeout_ms) {
    pollfd watched[3] = {{out_pipe_, POLLIN, 0}, {err_pipe_, POLLIN, 0}, {handle_, POLLIN, 0}};
    const int ready = ::poll(watched, 3, timeout_ms);
    drain(out_pipe_, out_);
    drain(err_pipe_, err_);
    return ready > 0;
}

bool Process::says(std::string_view text, int times) {
    const std::int64_t deadline = now_ms() + patience_ms;
    while (count(text, out_) + count(text, err_) < times) {
        const std::int64_t left = deadline - now_ms();
        const bool is_over = reap();
        if (left <= 0) return false;
        pump(is_over ? 0 : static_cast<int>(left));
        if (is_over) return count(text, out_) + count(text, err_) >= times;
    }
    return true;
}

int Process::wait() {
    const std::int64_t deadline = now_ms() + patience_ms;
    while (!reap()) {
        const std::int64_t left = deadline - now_ms();
        if (left <= 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            ended_ = true;
            status_ = -1;
            break;
        }
        pump(static_cast<int>(left));
    }
    pump(0);
    return status_;
}

void Process::signal(int number) {
    if (!reap()) ::kill(pid_, number);
}

std::string Process::last_line() const {
    std::string_view text = out_;
    while (text.ends_with('\n')) text.remove_suffix(1);
    const auto at = text.rfind('\n');
    return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

bool came_to_rest(const Finished& run) {
    if (run.status == 0) return true;
    const std::string told = run.out + run.err;
    const bool waits = told.find("for a person; what, why") != std::string::npos ||
                       (told.find("\"waits\":") != std::string::npos &&
                        told.find("\"waits\":0") == std::string::npos);
    return run.status == 1 && waits && told.find("STOPPED") == std::string::npos;
}

Finished entente(std::vector<std::string> words) {
    return entente(std::move(words), {});
}

Finished entente(std::vector<std::string> words, const ProcessOptions& options) {
    Process process(std::move(words), options);
    const int status = process.wait();
    return {status, process.out(), process.err(), process.last_line()};
}

}  // namespace entente::e2e

#include "app/signals.hpp"

#include <unistd.h>

namespace entente::app {

StopSignals::StopSignals(std::function<void()> stop) {
    ::sigemptyset(&awaited_);
    ::sigaddset(&awaited_, SIGINT);
    ::sigaddset(&awaited_, SIGTERM);
    ::sigaddset(&awaited_, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
    waiter_ = std::thread([this, stop = std::move(stop)] { wait(stop); });
}

StopSignals::~StopSignals() {
    closing_ = true;
    ::pthread_kill(waiter_.native_handle(), SIGTERM);
    waiter_.join();
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::wait(const std::function<void()>& stop) {
    int signal = 0;
    while (::sigwait(&awaited_, &signal) == 0) {
        if (closing_) return;
        // Whoever asks twice does not want to wait: every state on the way is one that a restart
        // can begin from.
        if (come_.exchange(true)) ::_exit(128 + signal);
        stop();
    }
}

}  // namespace entente::app

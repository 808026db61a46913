#include "training/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

std::string rate_text(double tokens_a_second) {
    if (tokens_a_second >= 1e6) return fmt::format("{:.1f}M tokens/s", tokens_a_second / 1e6);
    if (tokens_a_second >= 1e3) return fmt::format("{:.0f}k tokens/s", tokens_a_second / 1e3);
    return fmt::format("{:.0f} tokens/s", tokens_a_second);
}

// "loss 0.702 · held out 0.689 · floor 0.660"
std::string losses_text(const Progress& progress) {
    std::string text = fmt::format("loss {:.3f}", progress.loss);
    if (progress.held_out) text += fmt::format(" · held out {:.3f}", *progress.held_out);
    if (progress.floor) text += fmt::format(" · floor {:.3f}", *progress.floor);
    return text;
}

// " · 45k tokens/s · 3 s left"
std::string speed_text(const Progress& progress) {
    std::string text;
    if (progress.tokens_a_second) text += " · " + rate_text(*progress.tokens_a_second);
    if (progress.step < progress.steps) {
        text += fmt::format(" · {} left", duration_text(progress.seconds_left));
    }
    return text;
}

} // namespace

std::string progress_bar(const Progress& progress, std::size_t width) {
    const double share = static_cast<double>(progress.step) / static_cast<double>(progress.steps);
    std::string text = fmt::format("{:3.0f} % {}/{} · {}{}", std::floor(100 * share), progress.step,
                                   progress.steps, losses_text(progress), speed_text(progress));
    // Every "·" takes two bytes but one column.
    const auto dots = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\xb7'));
    const std::size_t columns = text.size() - dots;
    if (columns + 8 > width) return text.substr(0, std::min(text.size(), width - 1));
    const std::size_t room = std::min<std::size_t>(width - columns - 4, 24);
    const auto full = static_cast<std::size_t>(std::floor(share * static_cast<double>(room)));
    return fmt::format("[{:#>{}}{:.>{}}] {}", "", full, "", room - full, text);
}

std::string progress_line(const Progress& progress) {
    return fmt::format("step {}/{} · {}{}", progress.step, progress.steps, losses_text(progress),
                       speed_text(progress));
}

std::string loss_in_words(double loss) {
    return fmt::format("as unsure as between {:.1f} equally likely tokens", std::exp(loss));
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::clamp(std::round(seconds), 0.0, 1e12));
    if (whole < 120) return fmt::format("{} s", whole);
    if (whole < 7200) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

} // namespace whirlygig

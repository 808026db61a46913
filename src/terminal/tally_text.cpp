#include "terminal/tally_text.h"

#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace whirlygig {
namespace {

constexpr std::size_t width = 80;

double share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
    return fmt::format("{:.1f} %", 100 * share(part, whole));
}

// A bar of 24 characters for the whole; what is there at all has at least a thin one.
std::string bar(std::uint64_t part, std::uint64_t whole) {
    const double characters = 24 * share(part, whole);
    if (part > 0 && characters < 0.5) return "|";
    return std::string(static_cast<std::size_t>(std::lround(characters)), '#');
}

std::string line(const std::string& name, const std::string& parameters, const std::string& share,
                 const std::string& rest) {
    const std::string text = pad_right(name, 18) + pad_left(parameters, 20) + pad_left(share, 10);
    return rest.empty() ? text + "\n" : text + "  " + rest + "\n";
}

std::string table(const Tally& tally) {
    std::string text = line("part", "parameters", "share", "");
    for (const TallyPart& part : tally.parts) {
        text += line((part.detail ? "  " : "") + part.name, with_commas(part.parameters),
                     percent(part.parameters, tally.total),
                     part.note.empty() ? bar(part.parameters, tally.total) : part.note);
    }
    return text + line("total", with_commas(tally.total), percent(tally.total, tally.total), "");
}

std::string heading(const Tally& tally, std::string_view name) {
    const Config& c = tally.config;
    return fmt::format("{}: {} blocks of {} heads ({} in all), width d = {}, head width {}, hidden "
                       "width M = {}, vocabulary V = {}, context {}",
                       visible(name), with_commas(c.layers), with_commas(c.heads),
                       with_commas(c.layers * c.heads), with_commas(c.width),
                       with_commas(c.head_width()), with_commas(c.hidden),
                       with_commas(c.vocabulary), with_commas(c.context));
}

std::string what_stands_out(const Tally& tally) {
    if (tally.mlp == 0)
        return fmt::format("Attention has {} of all parameters; this model has no MLPs.",
                           percent(tally.attention, tally.total));
    const std::uint64_t blocks = tally.attention + tally.mlp;
    const double times = share(tally.config.hidden, tally.config.width);
    return fmt::format(
        "Attention has {} of all parameters and the MLPs have {}. Between the two of them, "
        "attention has {} and the MLPs have {}: a block's attention holds 4·d² weights and its MLP "
        "2·d·M, which is {:.3g}·d² here.",
        percent(tally.attention, tally.total), percent(tally.mlp, tally.total),
        percent(tally.attention, blocks), percent(tally.mlp, blocks), 2 * times);
}

std::string memory(const Tally& tally) {
    const std::uint64_t bytes = 4 * tally.total;
    return fmt::format("In memory, with 4 bytes for each (float32), that is {}; training with Adam "
                       "takes four times as much, {}, for the gradient and two running means of "
                       "each, and what a pass computes comes on top.",
                       bytes_text(bytes), bytes_text(4 * bytes));
}

std::string work(const Tally& tally) {
    const MultiplyAdds work = multiply_adds(tally.config);
    return fmt::format(
        "The last token of a full context, with all earlier keys and values kept, takes {} "
        "multiply-adds: attention's weights {}, scores and mixing {}, MLPs {}, unembedding {}.",
        with_commas(work.total()), percent(work.attention_weights, work.total()),
        percent(work.looking_around, work.total()), percent(work.mlp, work.total()),
        percent(work.unembedding, work.total()));
}

} // namespace

std::string tally_text(const Tally& tally, std::string_view name) {
    std::string text = wrap(heading(tally, name), width) + "\n\n" + table(tally) + "\n";
    for (const std::string& paragraph : {what_stands_out(tally), memory(tally), work(tally)})
        text += wrap(paragraph, width) + "\n";
    return text;
}

std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t from_end = 3; from_end < text.size(); from_end += 4)
        text.insert(text.size() - from_end, ",");
    return text;
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) return fmt::format("{} bytes", bytes);
    double amount = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // From 999.95 on the text would be "1000.0".
    while (amount >= 999.95 && unit + 1 < units.size()) {
        amount /= 1000;
        ++unit;
    }
    return fmt::format("{:.1f} {}", amount, units[unit]);
}

} // namespace whirlygig

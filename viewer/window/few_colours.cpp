#include "window/few_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace whirlygig {
namespace {

struct CountedColour {
    Colour colour = 0;
    double count = 0; // of pixels
};
using CountedColours = std::vector<CountedColour>;

constexpr std::array<int, 3> shifts = {16, 8, 0}; // of red, green and blue

int channel_of(Colour colour, std::size_t channel) {
    return static_cast<int>(colour >> shifts[channel] & 0xFF);
}

// Colours that stand side by side in the list and share one place in the table.
struct Group {
    std::size_t begin = 0, end = 0;
    std::array<double, 3> mean = {};
    double error = 0;       // the sum over its pixels of the squared distance to the mean
    std::size_t widest = 0; // the channel that has most of the error
};

// In the order of the colours, so that the same picture has the same table everywhere.
CountedColours count(const std::vector<Colour>& pixels) {
    std::unordered_map<Colour, std::uint32_t> counts;
    for (std::size_t first = 0; first < pixels.size();) {
        std::size_t next = first + 1; // neighbours are often alike
        while (next < pixels.size() && pixels[next] == pixels[first])
            ++next;
        counts[pixels[first]] += static_cast<std::uint32_t>(next - first);
        first = next;
    }
    CountedColours colours;
    colours.reserve(counts.size());
    for (const auto& [colour, times] : counts)
        colours.push_back({colour, static_cast<double>(times)});
    std::sort(colours.begin(), colours.end(),
              [](const auto& a, const auto& b) { return a.colour < b.colour; });
    return colours;
}

Group measure(const CountedColours& colours, std::size_t begin, std::size_t end) {
    Group group = {begin, end};
    std::array<double, 3> sums = {}, squares = {}, errors = {};
    double pixels = 0;
    for (std::size_t index = begin; index < end; ++index) {
        pixels += colours[index].count;
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const double value = channel_of(colours[index].colour, channel);
            sums[channel] += colours[index].count * value;
            squares[channel] += colours[index].count * value * value;
        }
    }
    for (std::size_t channel = 0; channel < 3; ++channel) {
        group.mean[channel] = sums[channel] / pixels;
        errors[channel] = squares[channel] - sums[channel] * group.mean[channel];
    }
    // Rounding may leave a little error in a single colour.
    if (end - begin > 1) group.error = errors[0] + errors[1] + errors[2];
    const auto widest = std::max_element(errors.begin(), errors.end());
    group.widest = static_cast<std::size_t>(widest - errors.begin());
    return group;
}

// Puts the colours below the mean of the widest channel before the others, and parts them there.
std::pair<Group, Group> split(CountedColours& colours, const Group& group) {
    const auto at = [&](std::size_t index) {
        return colours.begin() + static_cast<std::ptrdiff_t>(index);
    };
    const auto middle = std::partition(at(group.begin), at(group.end), [&](const auto& each) {
        return channel_of(each.colour, group.widest) <= group.mean[group.widest];
    });
    const auto border = static_cast<std::size_t>(middle - colours.begin());
    return {measure(colours, group.begin, border), measure(colours, border, group.end)};
}

// An area of one colour keeps it, whatever the edges of letters in front of it have.
Colour colour_for(const CountedColours& colours, const Group& group) {
    double pixels = 0;
    CountedColour commonest;
    for (std::size_t index = group.begin; index < group.end; ++index) {
        pixels += colours[index].count;
        if (colours[index].count > commonest.count) commonest = colours[index];
    }
    if (commonest.count * 2 >= pixels) return commonest.colour;
    Colour mean = 0;
    for (std::size_t channel = 0; channel < 3; ++channel)
        mean |= static_cast<Colour>(std::lround(group.mean[channel])) << shifts[channel];
    return mean;
}

} // namespace

ColourTable choose_colours(const std::vector<Colour>& pixels, std::size_t most) {
    CountedColours colours = count(pixels);
    if (colours.empty()) return {};
    std::vector<Group> groups = {measure(colours, 0, colours.size())};
    while (groups.size() < most) {
        const auto worst =
            std::max_element(groups.begin(), groups.end(),
                             [](const auto& a, const auto& b) { return a.error < b.error; });
        if (worst->end - worst->begin == 1) break; // every colour has a place of its own
        const auto [below, above] = split(colours, *worst);
        *worst = below;
        groups.push_back(above);
    }
    ColourTable table;
    for (const Group& group : groups) {
        const auto place = static_cast<std::uint8_t>(table.colours.size());
        table.colours.push_back(colour_for(colours, group));
        for (std::size_t index = group.begin; index < group.end; ++index)
            table.place[colours[index].colour] = place;
    }
    return table;
}

} // namespace whirlygig

#include "terminal/stage_finder.h"

#include "error.h"
#include "parameters.h"
#include "terminal/stage_name.h"
#include "text/edit_distance.h"
#include "text/utf8.h"

#include <algorithm>
#include <charconv>

namespace whirlygig {
namespace {

constexpr std::size_t longest_words = 200;

std::string with_dots(std::string_view words) {
    std::string name(words.substr(0, longest_words));
    const auto last = name.find_last_not_of(" \t\r");
    name.erase(last == name.npos ? 0 : last + 1);
    name.erase(0, std::min(name.find_first_not_of(" \t"), name.size()));
    std::replace(name.begin(), name.end(), ' ', '.');
    return name;
}

std::optional<std::size_t> as_number(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

template <class Matches>
std::vector<std::size_t> numbers_where(const Trace& trace, Matches matches) {
    std::vector<std::size_t> numbers;
    std::size_t number = 0;
    for (const Stage* stage : stages_in_order(trace)) {
        ++number;
        if (matches(std::string_view(stage->name))) numbers.push_back(number);
    }
    return numbers;
}

// The smallest number of typing mistakes between the words and the name or an end of it.
std::size_t distance_to(std::u32string_view words, std::u32string_view name) {
    std::size_t best = edit_distance(words, name);
    for (std::size_t dot = name.find(U'.'); dot != name.npos; dot = name.find(U'.', dot + 1))
        best = std::min(best, edit_distance(words, name.substr(dot + 1)));
    return best;
}

std::vector<std::string> nearest_names(const Trace& trace, std::string_view words) {
    const std::u32string wanted = code_points(words);
    std::vector<std::pair<std::size_t, std::string>> names;
    for (const Stage* stage : stages_in_order(trace))
        names.emplace_back(distance_to(wanted, code_points(stage->name)), stage->name);
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> nearest;
    for (std::size_t index = 0; index < std::min<std::size_t>(3, names.size()); ++index)
        nearest.push_back(names[index].second);
    return nearest;
}

// The name of a parameter of the model with this end; empty where there is none.
std::string parameter_with_end(const Trace& trace, std::string_view end) {
    for (const auto& parameter : list_parameters(trace.model->parameters)) {
        if (("." + parameter.name).ends_with(fmt::format(".{}", end))) return parameter.name;
    }
    return "";
}

[[noreturn]] void fail_unknown(const Trace& trace, std::string_view words) {
    const std::size_t count = stages_in_order(trace).size();
    if (words.ends_with("loss") && trace.ids.size() < 2)
        fail("one token has no next token, so there is no stage \"loss\"; give a longer text");
    if (words.empty())
        fail("the name of the stage is empty; the list of stages shows all (--list)");
    if (as_number(words)) fail("there is no stage {}: the stages go from 1 to {}", words, count);
    if (const std::string parameter = parameter_with_end(trace, words); !parameter.empty()) {
        fail("{} is a parameter; its gradient, the stage {}, is there only with --backward",
             parameter, gradient_of(parameter));
    }
    const Without without = trace.model->config.without;
    const std::string reason =
        without == Without::nothing
            ? ""
            : fmt::format(" (this model was trained without {})", name_of(without).name);
    const bool no_backward = trace.backward_stages.empty() && is_gradient(words);
    fail("there is no stage {}{}; the nearest are {}; {}", in_quotes(words), reason,
         fmt::join(nearest_names(trace, words), ", "),
         no_backward ? "gradients are there only with --backward"
                     : "the list of stages shows all (--list, or l in the terminal)");
}

} // namespace

std::vector<const Stage*> stages_in_order(const Trace& trace) {
    std::vector<const Stage*> stages;
    for (const auto* list : {&trace.forward_stages, &trace.backward_stages}) {
        for (const Stage& stage : *list)
            stages.push_back(&stage);
    }
    return stages;
}

std::optional<std::size_t> stage_number(const Trace& trace, std::string_view name) {
    const auto numbers =
        numbers_where(trace, [&](std::string_view other) { return other == name; });
    if (numbers.empty()) return std::nullopt;
    return numbers.front();
}

std::vector<std::size_t> matching_stages(const Trace& trace, std::string_view words) {
    const std::string name = with_dots(words);
    if (name.empty()) return {};
    if (const auto number = as_number(name)) {
        const bool exists = *number >= 1 && *number <= stages_in_order(trace).size();
        return exists ? std::vector{*number} : std::vector<std::size_t>{};
    }
    for (const std::string& exact : {name, gradient_of(name)}) {
        if (const auto number = stage_number(trace, exact)) return {*number};
    }
    const bool of_gradient = is_gradient(name);
    const std::string end = fmt::format(".{}", without_gradient(name));
    auto numbers = numbers_where(trace, [&](std::string_view other) {
        return other.ends_with(end) && (!of_gradient || is_gradient(other));
    });
    if (numbers.empty()) {
        numbers = numbers_where(
            trace, [&](std::string_view other) { return other.find(name) != other.npos; });
    }
    return numbers;
}

std::size_t find_stage(const Trace& trace, std::string_view words) {
    std::vector<std::size_t> numbers = matching_stages(trace, words);
    if (numbers.empty()) fail_unknown(trace, with_dots(words));
    const std::size_t forward_count = trace.forward_stages.size();
    // The gradients of the same stages are meant only where no forward stage is.
    if (numbers.front() <= forward_count)
        std::erase_if(numbers, [&](std::size_t number) { return number > forward_count; });
    if (numbers.size() == 1) return numbers.front();
    std::vector<std::string> names;
    for (const std::size_t number : numbers) {
        if (names.size() < 6) names.push_back(stages_in_order(trace)[number - 1]->name);
    }
    fail("{} may be {} stages: {}{}; give one of these names", in_quotes(with_dots(words)),
         numbers.size(), fmt::join(names, ", "), names.size() < numbers.size() ? ", …" : "");
}

std::size_t find_stage_after(const Trace& trace, std::string_view words, std::size_t current) {
    const std::vector<std::size_t> numbers = matching_stages(trace, words);
    if (numbers.empty()) fail_unknown(trace, with_dots(words));
    for (const std::size_t number : numbers) {
        if (number > current) return number;
    }
    return numbers.front();
}

} // namespace whirlygig

#include "stages/formula.h"

#include "stages/inset_parts.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

class Cutter {
public:
    explicit Cutter(std::size_t most_terms)
        : most_terms(most_terms) {}

    void add(const Expression& expression) {
        const auto& parts = expression.parts;
        switch (expression.kind) {
        case Kind::number:
            return put({number_text(expression.value, 4), short_source(expression.source)});
        case Kind::named:
            return put({expression.name, "= " + number_text(expression.value, 4)});
        case Kind::sum:
            return add_sum(parts);
        case Kind::product:
            return add_joined(parts, "·");
        case Kind::quotient:
            return add_joined(parts, "/");
        case Kind::negative:
            opening += "−";
            return add_factor(parts[0]);
        case Kind::square:
            add_factor(parts[0]);
            pieces.back().text += "²";
            return;
        case Kind::root:
            return add_function("√", parts[0]);
        case Kind::exponential:
            return add_function("exp", parts[0]);
        case Kind::logarithm:
            return add_function("log", parts[0]);
        case Kind::tanh:
            return add_function("tanh", parts[0]);
        }
    }

    std::vector<Piece> pieces;

private:
    // Opening brackets stand before the next piece.
    void put(Piece piece) {
        piece.text = opening + piece.text;
        opening.clear();
        pieces.push_back(std::move(piece));
    }

    void add_in_brackets(const Expression& part) {
        opening += "(";
        add(part);
        pieces.back().text += ")";
    }

    void add_factor(const Expression& part) {
        const bool negative_number = part.kind == Kind::number && std::signbit(part.value);
        const bool compound = part.kind == Kind::sum || part.kind == Kind::quotient ||
                              part.kind == Kind::negative || part.kind == Kind::product;
        if (negative_number || compound) return add_in_brackets(part);
        add(part);
    }

    void add_joined(const std::vector<Expression>& parts, const char* sign) {
        for (std::size_t index = 0; index < parts.size(); ++index) {
            if (index > 0) pieces.push_back({sign, ""});
            add_factor(parts[index]);
        }
    }

    void add_sum(const std::vector<Expression>& terms) {
        if (terms.empty()) return put({"0", ""});
        // An ellipsis for one term only would be longer than the term.
        const bool cut = most_terms > 0 && terms.size() > most_terms + 1;
        const std::size_t shown = cut ? most_terms : terms.size();
        for (std::size_t index = 0; index < shown; ++index) {
            const Expression& term = terms[index];
            const bool subtracts = index > 0 && term.kind == Kind::negative;
            const bool negative_number = term.kind == Kind::number && std::signbit(term.value);
            if (index > 0) pieces.push_back({subtracts ? "−" : "+", ""});
            if (subtracts) {
                add_factor(term.parts[0]);
            } else if (index > 0 && negative_number) {
                add_in_brackets(term);
            } else {
                add(term);
            }
        }
        if (!cut) return;
        pieces.push_back({"+", ""});
        put({fmt::format("… {} more terms", terms.size() - shown), ""});
    }

    void add_function(const std::string& name, const Expression& part) {
        opening += name;
        if (part.kind == Kind::number && name == "√") return add(part);
        add_in_brackets(part);
    }

    std::size_t most_terms;
    std::string opening;
};

} // namespace

std::vector<Piece> pieces_of(const Expression& expression, std::size_t most_terms) {
    Cutter cutter(most_terms);
    cutter.add(expression);
    return std::move(cutter.pieces);
}

bool is_operator(const Piece& piece) {
    for (const std::string_view sign : {"+", "−", "·", "/", "="}) {
        if (piece.text == sign) return true;
    }
    return false;
}

std::vector<std::string> definitions_of(const Expression& expression) {
    const std::string text = to_text(expression, {.digits = 4, .most_terms = 2});
    std::vector<std::string> lines;
    // The first line is the expression itself.
    std::size_t end = text.find('\n');
    while (end != text.npos) {
        const std::size_t start = end + 1;
        end = text.find('\n', start);
        lines.push_back(text.substr(start, end == text.npos ? end : end - start));
    }
    return lines;
}

} // namespace whirlygig

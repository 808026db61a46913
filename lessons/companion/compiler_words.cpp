#include "compiler_words.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <regex>

namespace whirlygig {

namespace {

struct CompilerSign {
    const char* pattern; // of the compiler's message (g++ and clang++)
    const char* meaning;
};

constexpr std::array compiler_signs{
    CompilerSign{"expected '?;'?( .*)?before|expected ';'|expected ',' or ';'",
                 "A semicolon is missing, here or at the end of the line above."},
    CompilerSign{"expected '\\}' at end of input|function-definition is not allowed here|"
                 "function definition is not allowed here|expected '\\}'",
                 "A } is missing somewhere above: a { is still open."},
    CompilerSign{"expected declaration before '\\}'|extraneous closing brace",
                 "There is a } too many, or a { is missing above."},
    CompilerSign{"expected '\\)'|expected '\\]'|expected '\\('",
                 "A bracket is missing in this line."},
    CompilerSign{
        "was not declared in this scope|use of undeclared identifier|does not name a type|"
        "unknown type name|has not been declared",
        "The compiler does not know this name: is it spelt as in the function's first lines? A "
        "part of a record is written record.part."},
    CompilerSign{"has no member named|no member named",
                 "It has nothing of this name: see how the lesson uses it."},
    CompilerSign{
        "invalid use of non-static member function|reference to non-static member function",
        "This is the name of a function: to call it, write () behind it."},
    CompilerSign{"of different signedness",
                 "A size is never negative: count with std::size_t, not int."},
    CompilerSign{
        "discards qualifiers|assignment of read-only|is not assignable|read-only reference|"
        "passing '?const|drops 'const' qualifier|const-qualified",
        "This is only to be read (it is const), but the code changes it."},
    CompilerSign{
        "too many arguments|too few arguments|no matching function|no match for call|"
        "no matching member function",
        "The function is called with the wrong arguments: compare their number, order and types "
        "with its declaration."},
    CompilerSign{
        "no match for 'operator\\[\\]'|does not provide a subscript operator",
        "Square brackets do not fit here: a matrix takes round ones, m(row, column), and a map is "
        "asked with find."},
    CompilerSign{
        "no match for 'operator|invalid operands",
        "These two types do not go together here: one may be a whole matrix where a single number "
        "is meant, such as m(row, column)."},
    CompilerSign{"cannot convert|could not convert|no viable conversion|invalid conversion|"
                 "incompatible type|conversion from|cannot be initialized|cannot initialize",
                 "A value of one type stands where another type is needed."},
    CompilerSign{"no return statement in function|non-void function does not return|return-type",
                 "A function that should return something comes to its end without a return."},
    CompilerSign{"redeclaration of|redefinition of|conflicting declaration",
                 "This name is taken: it is declared a second time."},
    CompilerSign{
        "break statement not within|continue statement not within|not in loop",
        "This break or continue is outside of all loops: is a bracket in the wrong place?"},
    CompilerSign{
        "stray '|missing terminating|unterminated",
        "There is a letter that C++ can't read here, or a closing quotation mark is missing."},
    CompilerSign{"No such file or directory|file not found", "There is no such file to include."},
};

std::string meaning(const std::string& message) {
    for (const CompilerSign& sign : compiler_signs) {
        if (std::regex_search(message, std::regex(sign.pattern))) return sign.meaning;
    }
    return {};
}

struct Complaint {
    std::string message;
    std::optional<NamedLine> line; // in the learner's file
    std::string where;             // FILE:LINE as the compiler says it
};

// An error deep in a template was "required from" a line of the learner's, which stands in the
// lines around it: before it in g++'s words, and before the next error.
std::optional<NamedLine> line_around(const std::string& output, std::size_t place,
                                     const Places& places) {
    const std::size_t start = output.rfind("In instantiation of", place);
    const std::size_t end = std::min(output.find(" error: ", place + 8), output.size());
    const std::size_t from = start == std::string::npos ? place : start;
    return first_learner_line(output.substr(0, end), places, from);
}

// The first one in the learner's files that matters, otherwise the first of all.
std::optional<Complaint> first_complaint(const std::string& output, const std::string& kind,
                                         const Places& places, const Matters& matters) {
    const std::regex pattern("(^|\n)([^\n:]+):([0-9]+):([0-9]+:)? (fatal )?" + kind + ": ([^\n]*)");
    std::optional<Complaint> first;
    for (std::sregex_iterator found(output.begin(), output.end(), pattern), end; found != end;
         ++found) {
        Complaint complaint{found->str(6), {}, found->str(2) + ":" + found->str(3)};
        complaint.line = first_learner_line(complaint.where, places);
        if (!complaint.line)
            complaint.line =
                line_around(output, static_cast<std::size_t>(found->position(6)), places);
        if (complaint.line && matters(*complaint.line)) return complaint;
        if (!first && !complaint.line) first = complaint;
    }
    return first;
}

bool every_line(const NamedLine&) {
    return true;
}

struct Spelling {
    const char* pattern; // of the compiler's
    const char* plain;   // as the lessons write it
};

// A type's name behind its name, and what it is made of, hide what is wrong with it.
constexpr std::array spellings{
    Spelling{" [{(]aka '[^']*'[})]", ""},
    Spelling{"whirlygig::|boost::numeric::ublas::", ""},
    Spelling{"std::__cxx11::basic_string<char>", "std::string"},
    Spelling{"std::basic_string_view<char>", "std::string_view"},
    Spelling{", std::less<void> ?>", ">"},
    Spelling{"boost::alignment::aligned_allocator<float, 64> ?", "aligned_allocator"},
    Spelling{"(using Matrix = )?(class )?matrix<float, basic_row_major<>, "
             "std::vector<float, aligned_allocator> ?>",
             "Matrix"},
    Spelling{"(using Vector = )?(class )?vector<float, std::vector<float> ?>", "Vector"},
};

std::string shortened(std::string message) {
    constexpr std::size_t longest = 240;
    for (const Spelling& spelling : spellings)
        message = std::regex_replace(message, std::regex(spelling.pattern), spelling.plain);
    return message.size() <= longest ? message : message.substr(0, longest) + " ...";
}

// A compiler misses a semicolon only when it reads on: it may name the line of the next word.
void move_to_missing_semicolon(Complaint& complaint) {
    std::smatch found;
    const std::regex pattern("^expected (',' or )?';'.* before '([^']+)'");
    if (complaint.line && std::regex_search(complaint.message, found, pattern) &&
        line_starts_with(*complaint.line, found.str(2)))
        complaint.line = code_line_above(*complaint.line);
}

std::string show(Complaint complaint, const Places& places) {
    move_to_missing_semicolon(complaint);
    std::string text =
        complaint.line ? show_line(*complaint.line, places) : places.shown(complaint.where) + "\n";
    text += fmt::format("The compiler says: {}\n", shortened(complaint.message));
    const std::string plain = meaning(complaint.message);
    return plain.empty() ? text : text + plain + "\n";
}

std::string linker_words(const std::string& output, const Places& places) {
    const auto line = first_learner_line(output, places);
    const std::string where = line ? show_line(*line, places) : "";
    std::smatch found;
    if (std::regex_search(output, found, std::regex("undefined reference to `([^\n]*)'")))
        return fmt::format(
            "{}Nobody defines {}: a function is declared and called, but its body is "
            "missing, or it has other arguments than its declaration says.\n",
            where, found.str(1));
    if (std::regex_search(output, found, std::regex("multiple definition of `([^\n']*)'")))
        return fmt::format(
            "{}{} is defined twice; put helpers of your own between \"namespace {{\" "
            "and \"}}\", so that they belong to this file only.\n",
            where, found.str(1));
    return {};
}

// The first line of a build's output that is not about its progress.
std::string first_words(const std::string& output) {
    std::smatch found;
    const std::regex telling(
        "(^|\n)([^\n]*([Ee]rror|fatal|not found|No such|not recognized|cannot find)[^\n]*)");
    if (std::regex_search(output, found, telling)) return found.str(2) + "\n";
    return output.substr(0, 500) + "\n";
}

} // namespace

std::string compiler_words(const std::string& output, const Places& places) {
    if (output.find("No space left on device") != std::string::npos)
        return "The disk is full: the compiler can't write its result. Make some room.\n";
    if (output.find("Killed signal terminated program") != std::string::npos)
        return "The system stopped the compiler, most likely because memory ran out. Close other "
               "programs and try again.\n";
    if (const auto complaint = first_complaint(output, "error", places, every_line))
        return show(*complaint, places);
    const std::string linker = linker_words(output, places);
    return linker.empty() ? first_words(output) : linker;
}

std::string warning_words(const std::string& output, const Places& places, const Matters& matters) {
    const auto complaint = first_complaint(output, "warning", places, matters);
    return complaint && complaint->line ? show(*complaint, places) : "";
}

} // namespace whirlygig

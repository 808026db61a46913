#include "settings.h"

#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

using namespace whirlygig;

namespace {

namespace fs = std::filesystem;

// Settings of which none is the usual one.
Settings unusual_settings() {
    Settings settings;
    settings.look = Look::light;
    settings.palette = Palette::grey;
    settings.font_scale = 1.1F; // needs all its digits
    settings.digits_in_cells = false;
    settings.reduced_motion = true;
    settings.loop = true;
    settings.speed = 0.3;
    settings.tour_seen = true;
    settings.width = 1283;
    settings.height = 719;
    return settings;
}

void expect_equal(const Settings& found, const Settings& expected) {
    EXPECT_EQ(found.look, expected.look);
    EXPECT_EQ(found.palette, expected.palette);
    EXPECT_EQ(found.font_scale, expected.font_scale);
    EXPECT_EQ(found.digits_in_cells, expected.digits_in_cells);
    EXPECT_EQ(found.reduced_motion, expected.reduced_motion);
    EXPECT_EQ(found.loop, expected.loop);
    EXPECT_EQ(found.speed, expected.speed);
    EXPECT_EQ(found.tour_seen, expected.tour_seen);
    EXPECT_EQ(found.width, expected.width);
    EXPECT_EQ(found.height, expected.height);
}

void put(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

// What was read from a file with this content.
struct Reading {
    Settings settings;
    std::string complaint = "of an earlier file";
};

Reading reading_of(const std::string& content) {
    const TemporaryFolder folder;
    put(folder / "viewer.json", content);
    Reading reading;
    reading.settings = read_settings(folder / "viewer.json", reading.complaint);
    return reading;
}

// Gives an environment variable another value, or none, until it goes out of scope.
class Variable {
public:
    Variable(const char* name, const char* value)
        : name(name) {
        if (const char* old = std::getenv(name)) before = old;
        set(value);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() { set(before ? before->c_str() : nullptr); }

private:
    void set(const char* value) const {
        if (value != nullptr) {
            ::setenv(name, value, 1);
        } else {
            ::unsetenv(name);
        }
    }

    const char* name;
    std::optional<std::string> before;
};

} // namespace

TEST(Settings, ComeBackAsTheyWereWritten) {
    const TemporaryFolder folder;
    for (const Settings& settings : {unusual_settings(), Settings()}) {
        write_settings(folder / "viewer.json", settings);
        std::string complaint;
        expect_equal(read_settings(folder / "viewer.json", complaint), settings);
        EXPECT_EQ(complaint, "");
    }
}

TEST(Settings, EveryPaletteComesBack) {
    const TemporaryFolder folder;
    for (int number = 0; number < palette_count; ++number) {
        Settings settings;
        settings.palette = static_cast<Palette>(number);
        write_settings(folder / "viewer.json", settings);
        std::string complaint;
        EXPECT_EQ(read_settings(folder / "viewer.json", complaint).palette, settings.palette);
    }
}

TEST(Settings, TheFolderIsMadeWhenThereIsNone) {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "config" / "whirlygig" / "viewer.json";
    write_settings(file, unusual_settings());
    std::string complaint;
    expect_equal(read_settings(file, complaint), unusual_settings());
}

TEST(Settings, AFileThatIsNotThereIsNoError) {
    const TemporaryFolder folder;
    for (const fs::path& file : {folder / "viewer.json", folder / "none/viewer.json", fs::path()}) {
        std::string complaint = "of an earlier file";
        expect_equal(read_settings(file, complaint), Settings());
        EXPECT_EQ(complaint, "");
    }
}

TEST(Settings, WithoutANameNothingIsWritten) {
    EXPECT_NO_THROW(write_settings("", unusual_settings()));
}

TEST(Settings, WhatAFileDoesNotHaveIsAsUsual) {
    const Reading reading = reading_of(R"({"speed": 4, "from a later version": [1, 2]})");
    Settings expected;
    expected.speed = 4;
    expect_equal(reading.settings, expected);
    EXPECT_EQ(reading.complaint, "");
}

TEST(Settings, TheEndsOfARangeBelongToIt) {
    for (const auto& [content, scale, speed] :
         {std::tuple{R"({"font_scale": 0.75, "speed": 0.25})", 0.75F, 0.25},
          std::tuple{R"({"font_scale": 2, "speed": 16})", 2.0F, 16.0}}) {
        const Reading reading = reading_of(content);
        EXPECT_EQ(reading.settings.font_scale, scale);
        EXPECT_EQ(reading.settings.speed, speed);
        EXPECT_EQ(reading.complaint, "");
    }
}

TEST(Settings, ValuesThatMakeNoSenseAreAsUsualAndTheOthersAreTaken) {
    for (const std::string wrong : {R"("look": "pink")",
                                    R"("look": 1)",
                                    R"("palette": "dark")",
                                    R"("palette": null)",
                                    R"("font_scale": 0.5)",
                                    R"("font_scale": 3)",
                                    R"("font_scale": "1")",
                                    R"("digits_in_cells": 1)",
                                    R"("reduced_motion": "yes")",
                                    R"("loop": null)",
                                    R"("speed": 0)",
                                    R"("speed": -1)",
                                    R"("speed": 1e300)",
                                    R"("speed": [1])",
                                    R"("tour_seen": {})",
                                    R"("width": 0)",
                                    R"("width": 1600.5)",
                                    R"("width": -1600)",
                                    R"("height": 18446744073709551615)",
                                    R"("height": "1000")",
                                    R"("height": true)"}) {
        const Reading reading = reading_of("{" + wrong + ", \"loop \": 0}");
        expect_equal(reading.settings, Settings());
        const std::string key = wrong.substr(0, wrong.find(':'));
        expect_contains(reading.complaint, key + " must be ");
        expect_contains(reading.complaint, "the usual value is taken instead.");
    }
    const Reading reading = reading_of(R"({"look": "light", "speed": 99, "width": 1200})");
    EXPECT_EQ(reading.settings.look, Look::light);
    EXPECT_EQ(reading.settings.speed, 1);
    EXPECT_EQ(reading.settings.width, 1200);
}

TEST(Settings, AComplaintIsOneSentence) {
    const TemporaryFolder folder;
    put(folder / "viewer.json", R"({"speed": 99, "look": "pink"})");
    std::string complaint;
    read_settings(folder / "viewer.json", complaint);
    EXPECT_EQ(complaint, "In " + (folder / "viewer.json").string() +
                             ", \"look\" must be \"dark\" or \"light\", but is \"pink\" and "
                             "\"speed\" must be a number from 0.25 to 16, but is 99; the "
                             "usual values are taken instead.");
}

TEST(Settings, ABrokenFileIsComplainedAbout) {
    for (const std::string content : {"", "{", "[]", "3", "{\"speed\": 2} and more", "\xFF",
                                      "{\"speed\": 2, \"speed\": 4}", "{\"speed\": 1e999}"}) {
        const Reading reading = reading_of(content);
        expect_equal(reading.settings, Settings());
        expect_contains(reading.complaint, "viewer.json");
        expect_contains(reading.complaint, "the usual settings are taken instead.");
    }
    const TemporaryFolder folder;
    std::string complaint;
    expect_equal(read_settings(folder.path, complaint), Settings());
    expect_contains(complaint, "is a folder");
    put(folder / "viewer.json", "{" + std::string(100'000, ' ') + "}");
    expect_equal(read_settings(folder / "viewer.json", complaint), Settings());
    expect_contains(complaint, "more than the");
}

TEST(Settings, WhereNothingCanBeWrittenTheFileIsNamed) {
    const TemporaryFolder folder;
    put(folder / "config", "not a folder");
    const fs::path file = folder.path / "config" / "whirlygig" / "viewer.json";
    const std::string sentence = error_sentence([&] { write_settings(file, Settings()); });
    expect_contains(sentence, file.string());
}

TEST(Settings, LieInTheUsersConfigFolder) {
    const Variable home("HOME", "/somewhere/at/home");
    {
        const Variable config("XDG_CONFIG_HOME", "/somewhere/else");
        EXPECT_EQ(settings_file(), "/somewhere/else/whirlygig/viewer.json");
    }
    // The specification has relative paths ignored.
    for (const char* unusable : {static_cast<const char*>(nullptr), "", "relative/folder"}) {
        const Variable config("XDG_CONFIG_HOME", unusable);
        EXPECT_EQ(settings_file(), "/somewhere/at/home/.config/whirlygig/viewer.json");
    }
}

TEST(Settings, LieNowhereWithoutAHome) {
    const Variable config("XDG_CONFIG_HOME", nullptr);
    for (const char* unusable : {static_cast<const char*>(nullptr), "", "relative/folder"}) {
        const Variable home("HOME", unusable);
        EXPECT_EQ(settings_file(), "");
    }
}

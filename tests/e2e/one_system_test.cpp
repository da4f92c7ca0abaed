// Two systems of a workspace that are one (G6): one customer must not become many. Refused where the configuration tells it, found
// out by what we write where it does not.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

class OneSystem : public testing::Test {
protected:
    void SetUp() override {
        erp_.kind = "custom-erp";
        erp_.credential = "k";
        process_ = start_empty(erp_);
        ASSERT_FALSE(erp_.url.empty()) << process_->err();
        Value body = Value::object();
        body.set("company_name", "Lone and lonely");
        ASSERT_EQ(post("/v1/customers", body), 201);
    }

    int post(const std::string& path, const Value& body) {
        http::Request request;
        request.method = "POST";
        request.url = erp_.url + path;
        request.headers = {{"Authorization", "Bearer k"}, {"Content-Type", "application/json"}};
        request.body = json::write(body);
        const auto answer = client_.fetch(request);
        return answer ? answer->status : -1;
    }
    std::int64_t creates() {
        const auto stats = client_.fetch({.method = "GET", .url = erp_.url + "/sim/stats"});
        return stats ? number(json_of(stats->body), "creates") : -1;
    }
    void configure(const std::string& first_key, const std::string& second_key) {
        std::string other = erp_.url;
        other.replace(other.find("127.0.0.1"), 9, "localhost");
        const auto system = [](const std::string& name, const std::string& url,
                               const std::string& key) {
            return "  " + name + ":\n    connector: custom-erp\n    base_url: " + url +
                   "\n    auth: {token: \"${" + key + "}\"}\n    poll_every: 500ms\n";
        };
        write_file(dir_ + "/entente.yaml", "workspace: doubled\nsystems:\n" +
                                               system("A", erp_.url, first_key) +
                                               system("B", other, second_key));
    }
    Finished run(std::vector<std::string> words) {
        words.insert(words.begin() + 1, dir_);
        ProcessOptions options;
        options.environment = {"KEY_A=k", "KEY_B=k"};
        return entente(std::move(words), options);
    }

    Folder folder_;
    std::string dir_ = folder_.path("workspace");
    DemoSystem erp_;
    std::unique_ptr<Process> process_;
    Client client_;
};

TEST_F(OneSystem, told_twice_with_one_login_is_refused) {
    configure("KEY_A", "KEY_A");
    const auto checked = run({"check"});
    EXPECT_EQ(checked.status, 2);
    EXPECT_NE(checked.err.find("A and B have one address"), std::string::npos) << checked.err;
    EXPECT_EQ(run({"plan"}).status, 2);
}

TEST_F(OneSystem, told_twice_with_two_logins_is_warned_of_and_one_customer_becomes_two) {
    configure("KEY_A", "KEY_B");
    const auto checked = run({"check"});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_NE(checked.out.find("A and B have one address"), std::string::npos) << checked.out;
    const auto planned = run({"plan"});
    EXPECT_NE(planned.out.find("warning: A and B have one address"), std::string::npos)
        << planned.out;
    EXPECT_EQ(creates(), 1);
    const auto ran = run({"run", "--approve", "--until-idle"});
    EXPECT_EQ(creates(), 2) << ran.out << ran.err;
    const auto status = run({"status"});
    EXPECT_NE(status.out.find("they are one system"), std::string::npos) << status.out;
    (void)run({"run", "--approve", "--until-idle"});
    EXPECT_EQ(creates(), 2);
}

}  // namespace
}  // namespace entente::e2e

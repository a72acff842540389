/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/log.h"

#include "app/notify.h"
#include "app/procedure_rule.h"
#include "cli/cli_internal.h"
#include "cli/sandbox.h"
#include "http/server.h"

static const char usage[] =
    "usage: belay serve DIR [--listen ADDRESS:PORT] [--public-url URL] [--threads N]\n"
    "                       [--tls-certificate FILE --tls-key FILE]\n"
    "                       [--trusted-proxy ADDRESS,...] [--allow-plain-http] ...\n"
    "\n"
    "Serve the node in DIR until the program is told to stop (Ctrl-C, SIGTERM).\n"
    "  --listen            where; 127.0.0.1:8080 unless said otherwise, port 0 takes "
    "a\n"
    "                      free one\n"
    "  --public-url        how clients reach it, where a proxy stands in between, such "
    "as\n"
    "                      https://belay.example\n"
    "  --threads           for requests; one a processor unless said otherwise\n"
    "  --tls-certificate   encrypt with the certificate (PEM, its chain behind it) and "
    "key\n"
    "  --tls-key           (PEM, readable by nobody else) in these files; SIGHUP reads "
    "them\n"
    "                      again without dropping a connection\n"
    "  --trusted-proxy     ADDRESS[/BITS],... of proxies whose word about a client is "
    "believed\n"
    "  --proxy-header      what they send: x-forwarded (unless said otherwise) or "
    "forwarded\n"
    "  --address-connections N, --address-rate N, --person-rate N\n"
    "                      connections one address may hold (128 unless said "
    "otherwise),\n"
    "                      requests a second of one address (200) and one person "
    "(100), of\n"
    "                      which ten seconds' worth may come at once; 0: any number\n"
    "  --limit-loopback    the same for programs on this machine\n"
    "  --no-sandbox        keep the right to start programs and trace processes, for\n"
    "                      debuggers and tracers\n"
    "  --allow-plain-http  listen beyond this machine although nothing is encrypted\n";

/* What was said on the command line, as it came. */
struct serve_words {
    int64_t threads;
    int64_t address_connections;
    int64_t address_rate;
    int64_t person_rate;
    const char *trusted_proxy;
    const char *proxy_header;
    bool no_sandbox;
};

/* Signals that mean "stop" or "read again" are taken by one sigwait() and by no thread. */
static void block_signals(sigset_t *stop)
{
    sigemptyset(stop);
    sigaddset(stop, SIGINT);
    sigaddset(stop, SIGTERM);
    sigaddset(stop, SIGHUP);
    pthread_sigmask(SIG_BLOCK, stop, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void reload(struct http_server *server)
{
    struct err err = {0};
    int r = http_server_reload(server, &err);

    if (r == 0)
        log_line(LOG_INFO, "tls certificate was read again");
    else
        log_err("reading the certificate again", &err);
}

/* A machine without it serves all the same, and says so. */
static void enter_sandbox(void)
{
    struct err err = {0};

    if (sandbox_offered() && sandbox_enter(&err) < 0)
        log_line(LOG_WARN, "serving without a sandbox: %s", err.text);
}

/* Messages lead to where people find the pages. */
static int tell_people(struct app *app, const struct http_server_options *options,
    struct str host, unsigned port, struct err *err)
{
    char base[300];

    if (options->public_url)
        return notify_start(app, options->public_url, err);
    snprintf(base, sizeof(base), "%s://%.*s%u",
        options->tls_certificate ? "https" : "http", (int)host.len, host.p, port);
    return notify_start(app, base, err);
}

static int serve(struct app *app, struct http_server_options *options,
    const struct serve_words *words, const sigset_t *stop, struct err *err)
{
    struct http_server *server = NULL;
    struct str host = str_of(options->listen);
    int received = 0;
    int r;

    options->app = app;
    r = http_server_start(options, &server, err);
    if (r < 0)
        return r;
    while (host.len > 0 && host.p[host.len - 1] != ':')
        host.len--;
    r = tell_people(app, options, host, http_server_port(server), err);
    if (r < 0) {
        http_server_stop(server);
        return r;
    }
    if (!words->no_sandbox)
        enter_sandbox(); /* before anybody is told the address */
    printf("Belay serves %s://%.*s%u/\n", options->tls_certificate ? "https" : "http",
        (int)host.len, host.p, http_server_port(server));
    fflush(stdout);
    while (sigwait(stop, &received) == 0 && received == SIGHUP)
        reload(server);
    log_line(LOG_INFO, "stopping signal=%d", received);
    http_server_stop(server);
    return 0;
}

static int take_words(struct http_server_options *options,
    const struct serve_words *words, struct err *err)
{
    options->threads = (unsigned)words->threads;
    options->address_connections = (unsigned)words->address_connections;
    options->address_rate = (unsigned)words->address_rate;
    options->person_rate = (unsigned)words->person_rate;
    if (strcmp(words->proxy_header, "forwarded") == 0)
        options->proxy_header = HTTP_FORWARDED;
    else if (strcmp(words->proxy_header, "x-forwarded") != 0)
        return err_set(
            err, E_USAGE, "--proxy-header", "It is x-forwarded or forwarded.");
    return http_proxies_parse(words->trusted_proxy, &options->proxies, err);
}

static int run(struct cli_call *call, struct err *err)
{
    struct http_server_options options = {.listen = "127.0.0.1:8080"};
    struct serve_words words = {.address_connections = LIMIT_ADDRESS_CONNECTIONS,
        .address_rate = LIMIT_ADDRESS_RATE,
        .person_rate = LIMIT_PERSON_RATE,
        .proxy_header = "x-forwarded"};
    struct app_options node = {.clocks = true};
    struct app *app = NULL;
    struct cli_fill fill;
    char base[300];
    sigset_t stop;
    const struct cli_option known[] = {
        {"--listen", CLI_TEXT, &options.listen, 0, 0},
        {"--public-url", CLI_TEXT, &options.public_url, 0, 0},
        {"--threads", CLI_NUMBER, &words.threads, 1, 256},
        {"--tls-certificate", CLI_TEXT, &options.tls_certificate, 0, 0},
        {"--tls-key", CLI_TEXT, &options.tls_key, 0, 0},
        {"--trusted-proxy", CLI_TEXT, &words.trusted_proxy, 0, 0},
        {"--proxy-header", CLI_TEXT, &words.proxy_header, 0, 0},
        {"--address-connections", CLI_NUMBER, &words.address_connections, 0,
            LIMIT_CONNECTIONS},
        {"--address-rate", CLI_NUMBER, &words.address_rate, 0, LIMIT_RATE_MOST},
        {"--person-rate", CLI_NUMBER, &words.person_rate, 0, LIMIT_RATE_MOST},
        {"--no-sandbox", CLI_FLAG, &words.no_sandbox, 0, 0},
        {"--limit-loopback", CLI_FLAG, &options.limit_loopback, 0, 0},
        {"--allow-plain-http", CLI_FLAG, &options.allow_plain_http, 0, 0},
        {0},
    };
    int r = cli_options(call, known, 1, 1, err);

    if (r == 0)
        r = take_words(&options, &words, err);
    if (r < 0)
        return r;
    snprintf(base, sizeof(base), "%s://%s", options.tls_certificate ? "https" : "http",
        options.listen);
    node.path = call->words[0];
    node.base_url = options.public_url ? options.public_url : base;
    block_signals(&stop);
    cli_fill_begin(&fill);
    node.fill_watch = &fill.watch;
    r = app_open(&node, &app, err);
    if (r == E_CANCELLED && fill.stopped) {
        log_line(LOG_INFO, "stopping signal=%d, views are filled at the next start",
            fill.stopped);
        return 0;
    }
    if (r < 0)
        return r;
    r = procedure_rules_load(app, err);
    if (r == 0)
        r = serve(app, &options, &words, &stop, err);
    app_close(app);
    return r;
}

const struct cli_command cmd_serve = {"serve", "serve a node over HTTP", usage, run};

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message says, in each language of the pages. No name, no place, no illness: it may be
 * read on a locked phone by whoever holds it. Those in Chinese, Tibetan and Russian are
 * machine-made, as the catalogues of the pages are.
 */
#include "app/notify_internal.h"

struct catalogue {
    const char *code;
    const char *subject;
    const char *subject_sign_off;
    const char *urgencies[CASE_URGENCIES];
    const char *texts[CHOICE_KINDS];
    const char *open;
    const char *foot;
};

static const struct catalogue catalogues[] = {
    {.code = "en",
        .subject = "A case waits for you: open Belay",
        .subject_sign_off = "Something waits for you: open Belay",
        .urgencies = {"Emergency", "Urgent", "Routine"},
        .texts = {"A case waits for you.", "Your case needs more information.",
            "The information you asked for is there.", "Your case was answered.",
            "A case has waited too long elsewhere and comes to you.",
            "It is known what became of a patient you advised on.",
            "A patient under shared watch needs you to look.",
            "A sign-off waits for you to look at it.",
            "This is a test. Messages reach you here."},
        .open = "Open Belay:",
        .foot =
            "These messages never hold names or anything about an illness. What you "
            "are told you choose under My account."},
    {.code = "zh",
        .subject = "有病例等您处理：请打开 Belay",
        .subject_sign_off = "有事项等您处理：请打开 Belay",
        .urgencies = {"紧急", "加急", "常规"},
        .texts = {"有一个病例在等您。", "您的病例需要补充资料。",
            "您要的补充资料已到。", "您的病例已得到答复。",
            "一个病例在别处等候过久，现转给您。", "您指导过的患者的结局已知。",
            "共同监护的一位患者需要您查看。", "有一项独立授权需要您查看。",
            "这是一条测试消息。您能在这里收到消息。"},
        .open = "打开 Belay：",
        .foot = "消息中从不包含姓名或病情。可在“我的账户”中选择接收哪些消息。"},
    {.code = "bo",
        .subject = "ནད་དཔེ་ཞིག་ཁྱེད་ལ་སྒུག་ཡོད། Belay ཁ་ཕྱེ།",
        .subject_sign_off = "ལས་དོན་ཞིག་ཁྱེད་ལ་སྒུག་ཡོད། Belay ཁ་ཕྱེ།",
        .urgencies = {"ཛ་དྲག", "མྱུར་དགོས།", "རྒྱུན་ལྡན།"},
        .texts = {"ནད་དཔེ་ཞིག་ཁྱེད་ལ་སྒུག་ཡོད།", "ཁྱེད་ཀྱི་ནད་དཔེར་གནས་ཚུལ་ཁ་སྣོན་དགོས།",
            "ཁྱེད་ཀྱིས་དྲིས་པའི་གནས་ཚུལ་འབྱོར་སོང་།", "ཁྱེད་ཀྱི་ནད་དཔེར་ལན་ཐོབ་སོང་།",
            "ནད་དཔེ་ཞིག་གནས་གཞན་དུ་ཡུན་རིང་སྒུག་རྗེས་ཁྱེད་ལ་སླེབས་སོང་།",
            "ཁྱེད་ཀྱིས་བསམ་འཆར་བཏོན་པའི་ནད་པའི་འབྲས་བུ་ཤེས་སོང་།",
            "མཉམ་དུ་ལྟ་རྟོག་བྱེད་པའི་ནད་པ་ཞིག་ལ་ཁྱེད་ཀྱིས་གཟིགས་དགོས།",
            "རང་ཚུགས་ཆོག་མཆན་ཞིག་ལ་ཁྱེད་ཀྱིས་གཟིགས་དགོས།", "འདི་ཚོད་ལྟའི་འཕྲིན་ཡིན། འཕྲིན་འདིར་འབྱོར་གྱི་འདུག"},
        .open = "Belay ཁ་ཕྱེ།",
        .foot = "འཕྲིན་ནང་མིང་དང་ནད་སྐོར་ནམ་ཡང་མི་འཁོད། གང་བརྡ་གཏོང་བ་ “ངའི་རྩིས་ཐོ་” ནང་འདེམས།"},
    {.code = "ru",
        .subject = "Вас ждёт случай: откройте Belay",
        .subject_sign_off = "Вас ждёт дело: откройте Belay",
        .urgencies = {"Экстренно", "Срочно", "Планово"},
        .texts = {"Вас ждёт случай.", "По вашему случаю нужны уточнения.",
            "Запрошенные вами сведения поступили.", "На ваш случай ответили.",
            "Случай слишком долго ждал в другом месте и передан вам.",
            "Известно, что стало с пациентом, о котором вы советовали.",
            "Посмотрите пациента под общим наблюдением.",
            "Посмотрите один из допусков.", "Это проверка. Сообщения до вас доходят."},
        .open = "Открыть Belay:",
        .foot = "В сообщениях никогда нет имён и сведений о болезни. О чём сообщать, "
                "выберите в разделе «Моя учётная запись»."},
};

static bool is_of_case(enum choice_kind kind)
{
    return kind != CHOICE_TRY && kind != CHOICE_SIGN_OFF;
}

static const char *subject_of(const struct catalogue *c, enum choice_kind kind)
{
    if (kind == CHOICE_TRY)
        return "Belay";
    return kind == CHOICE_SIGN_OFF ? c->subject_sign_off : c->subject;
}

struct notify_words notify_words(
    struct str language, enum choice_kind kind, enum case_urgency urgency)
{
    const struct catalogue *c = &catalogues[0];

    for (size_t i = 0; i < sizeof(catalogues) / sizeof(catalogues[0]); i++) {
        if (str_is(language, catalogues[i].code))
            c = &catalogues[i];
    }
    return (struct notify_words){.subject = subject_of(c, kind),
        .urgency = is_of_case(kind) ? c->urgencies[urgency] : "",
        .text = c->texts[kind],
        .open = c->open,
        .foot = c->foot};
}

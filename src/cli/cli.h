/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's commands. Each is one file cmd_NAME.c with its usage at the head; they
 * stand in one alphabetical table. What a command finds wrong is said once, here, as
 *
 *     belay NAME: WHERE: what is wrong and what to do.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* What the process ends with. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_INPUT = 1,   /* the input was wrong */
    CLI_CALL = 2,    /* the call was wrong */
    CLI_MACHINE = 3, /* the machine failed */
};

/* Run the command that ${argv} names; the exit code. */
int cli_main(int argc, char **argv);

#endif

import ReelswarmApp

await ReelswarmProgram.main()
